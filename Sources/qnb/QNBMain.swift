import Commands

@main
enum QNBMain {
    static func main() { launch() }
}
