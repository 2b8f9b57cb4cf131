import Kernels

/// How many threads numeric work uses.
package enum Threads {
    package static var count: Int {
        get { ThreadPool.shared.threadCount }
        set { ThreadPool.shared.threadCount = newValue }
    }
}
