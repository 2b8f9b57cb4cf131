import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// `time`.
func registerTime(_ vm: VM) {
    vm.registerNativeModule("time") { (vm, module) throws(PythonError) -> Void in
        defineClocks(module)
        CalendarTime(vm, module).define()
    }
}

private func nanoseconds(_ clock: clockid_t) -> Int {
    var moment = timespec()
    clock_gettime(clock, &moment)
    return moment.tv_sec * 1_000_000_000 + moment.tv_nsec
}

private func defineClocks(_ module: NativeModule) {
    let clocks: [(String, clockid_t)] = [
        ("time", CLOCK_REALTIME), ("monotonic", CLOCK_MONOTONIC), ("perf_counter", CLOCK_MONOTONIC),
        ("process_time", CLOCK_PROCESS_CPUTIME_ID), ("thread_time", CLOCK_THREAD_CPUTIME_ID),
    ]
    for (name, clock) in clocks {
        module.function(name, "") { (vm, a) throws(PythonError) -> Value in .float(Double(nanoseconds(clock)) / 1e9) }
        module.function(name + "_ns", "") { (vm, a) throws(PythonError) -> Value in .int(nanoseconds(clock)) }
    }
    for (name, clock) in [
        ("CLOCK_REALTIME", CLOCK_REALTIME), ("CLOCK_MONOTONIC", CLOCK_MONOTONIC), ("CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID),
    ] {
        module.set(name, .int(Int(clock)))
    }
    module.function("clock_gettime", "clk_id, /") { (vm, a) throws(PythonError) -> Value in
        var moment = timespec()
        guard clock_gettime(clockid_t(truncatingIfNeeded: try vm.index(a[0])), &moment) == 0 else { throw vm.osError(errno) }
        return .float(Double(moment.tv_sec) + Double(moment.tv_nsec) / 1e9)
    }
    module.function("sleep", "seconds, /") { (vm, a) throws(PythonError) -> Value in
        try sleep(vm, vm.duration(a[0]))
        return .none
    }
}

/// Waits in slices short enough that Ctrl-C answers within 50 ms.
private func sleep(_ vm: VM, _ seconds: Double) throws(PythonError) {
    if seconds < 0 { throw vm.valueError("sleep length must be non-negative") }
    if seconds > 9.2e9 { throw vm.overflowError("timestamp too large to convert to C _PyTime_t") }
    vm.output.flush()
    let end = nanoseconds(CLOCK_MONOTONIC) + Int(seconds * 1e9)
    while true {
        if vm.interruptFlag.pointee != 0 { try vm.poll() }
        let left = end - nanoseconds(CLOCK_MONOTONIC)
        if left <= 0 { return }
        let slice = min(left, 40_000_000)
        var wait = timespec(tv_sec: 0, tv_nsec: slice)
        nanosleep(&wait, nil)
    }
}

extension VM {
    /// Seconds given as an int or a float.
    fileprivate func duration(_ value: Value) throws(PythonError) -> Double {
        let plain = payload(value)
        if plain.tag == Tag.float {
            if plain.asDouble.isNaN { throw valueError("Invalid value NaN (not a number)") }
            return plain.asDouble
        }
        if plain.tag == Tag.bigInt { throw overflowError("timestamp too large to convert to C _PyTime_t") }
        return Double(try index(value))
    }
}

/// Calendar arithmetic: `localtime`, `strftime` and their kin.
private final class CalendarTime {
    private let vm: VM
    private let module: NativeModule
    private let structTime: StructSequence

    init(_ vm: VM, _ module: NativeModule) {
        self.vm = vm
        self.module = module
        structTime = StructSequence(
            vm, "time.struct_time",
            visible: ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"],
            hidden: ["tm_zone", "tm_gmtoff"])
    }

    func define() {
        tzset()
        module.set("struct_time", structTime.type.value.retained())
        let (standard, summer, offset, summerOffset) = CalendarTime.zone()
        module.set("tzname", vm.tuple([vm.string(standard), vm.string(summer)]))
        module.set("timezone", .int(offset))
        module.set("altzone", .int(summerOffset))
        module.set("daylight", .int(offset == summerOffset && standard == summer ? 0 : 1))
        let structTime = structTime
        func broken(_ name: String, _ convert: @escaping (inout time_t, inout tm) -> Void) {
            module.function(name, "seconds=None, /") { (vm, a) throws(PythonError) -> Value in
                var moment = try CalendarTime.moment(vm, a[0])
                var parts = tm()
                convert(&moment, &parts)
                return CalendarTime.value(vm, structTime, parts)
            }
        }
        broken("localtime") { localtime_r(&$0, &$1) }
        broken("gmtime") { gmtime_r(&$0, &$1) }
        module.function("mktime", "tuple, /") { (vm, a) throws(PythonError) -> Value in
            var parts = try CalendarTime.parts(vm, a[0], "mktime", checked: false)
            parts.tm_wday = -1
            let result = mktime(&parts)
            // −1 is also a valid second; the weekday tells whether the conversion took place.
            if result == -1, parts.tm_wday == -1 { throw vm.overflowError("mktime argument out of range") }
            return .float(Double(result))
        }
        module.function("asctime", "tuple=None, /") { (vm, a) throws(PythonError) -> Value in
            vm.string(CalendarTime.plainText(a[0].isNone ? CalendarTime.now() : try CalendarTime.parts(vm, a[0], "asctime", checked: true)))
        }
        module.function("ctime", "seconds=None, /") { (vm, a) throws(PythonError) -> Value in
            var moment = try CalendarTime.moment(vm, a[0])
            var parts = tm()
            localtime_r(&moment, &parts)
            return vm.string(CalendarTime.plainText(parts))
        }
        module.function("strftime", "format, tuple=None, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[0]).tag == Tag.string else { throw vm.typeError("strftime() argument 1 must be str, not \(vm.typeName(a[0]))") }
            let parts = a[1].isNone ? CalendarTime.now() : try CalendarTime.parts(vm, a[1], "strftime", checked: true)
            return vm.string(CalendarTime.format(vm.text(vm.payload(a[0])), parts))
        }
        module.function("strptime", "data_string, format='%a %b %d %H:%M:%S %Y', /") { (vm, a) throws(PythonError) -> Value in
            let parser = try vm.importModule("_strptime")
            defer { vm.heap.release(parser) }
            let fields = try vm.callMethod(parser, "parse", a[0], a[1])
            defer { vm.heap.release(fields) }
            return CalendarTime.value(vm, structTime, parsed: fields.dict)
        }
        module.function("tzset", "") { (vm, a) throws(PythonError) -> Value in
            tzset()
            return .none
        }
    }

    /// Standard and summer zone: names and seconds west of Greenwich, as January and July of this year have them.
    private static func zone() -> (String, String, Int, Int) {
        func sample(_ month: Int32) -> (String, Int) {
            var parts = now()
            parts.tm_mon = month
            parts.tm_mday = 1
            parts.tm_hour = 12
            parts.tm_isdst = -1
            _ = mktime(&parts)
            return (parts.tm_zone.map { String(cString: $0) } ?? "UTC", -Int(parts.tm_gmtoff))
        }
        let (winterName, winter) = sample(0)
        let (summerName, summer) = sample(6)
        return winter >= summer ? (winterName, summerName, winter, summer) : (summerName, winterName, summer, winter)
    }

    static func now() -> tm {
        var moment = Glibc.time(nil)
        var parts = tm()
        localtime_r(&moment, &parts)
        return parts
    }

    /// Seconds since the epoch, rounded down; now for None.
    private static func moment(_ vm: VM, _ value: Value) throws(PythonError) -> time_t {
        if value.isNone { return Glibc.time(nil) }
        let plain = vm.payload(value)
        if plain.tag == Tag.bigInt { throw vm.overflowError("timestamp out of range for platform time_t") }
        let seconds = plain.tag == Tag.float ? plain.asDouble : Double(try vm.index(value))
        if seconds.isNaN { throw vm.valueError("Invalid value NaN (not a number)") }
        if seconds.magnitude > 9.2e18 { throw vm.overflowError("timestamp out of range for platform time_t") }
        // Beyond this the C library cannot count the year.
        if seconds.magnitude > 6.7e16 { throw vm.osError(EOVERFLOW) }
        return plain.tag == Tag.float ? time_t(seconds.rounded(.down)) : plain.asInt
    }

    private static func value(_ vm: VM, _ type: StructSequence, _ parts: tm) -> Value {
        let numbers = [
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec),
            (Int(parts.tm_wday) + 6) % 7, Int(parts.tm_yday) + 1, Int(parts.tm_isdst),
        ]
        let zone = parts.tm_zone.map { vm.string(String(cString: $0)) } ?? .none
        return type.make(vm, numbers.map { .int($0) }, hidden: [zone, .int(parts.tm_gmtoff)])
    }

    /// A struct_time from what `_strptime.parse` found.
    private static func value(_ vm: VM, _ type: StructSequence, parsed fields: DictPointer) -> Value {
        let zone = vm.dictValue(fields, "zone")
        let offset = vm.dictValue(fields, "offset")
        var isSummer = Value.int(-1)
        if zone.isString {
            let name = vm.text(zone)
            if ["utc", "gmt"].contains(name) { isSummer = .int(0) }
        }
        let items = ["year", "month", "day", "hour", "minute", "second", "weekday", "yday"].map { vm.dictValue(fields, $0).retained() }
        let shift = offset.tag == Tag.tuple ? offset.tuple.items[0] : Value.none
        return type.make(vm, items + [isSummer], hidden: [zone.isString ? vm.string(vm.text(zone).uppercased()) : .none, shift])
    }

    /// A time tuple as the C library has it.
    private static func parts(_ vm: VM, _ value: Value, _ name: String, checked: Bool) throws(PythonError) -> tm {
        let plain = vm.payload(value)
        guard plain.tag == Tag.tuple else { throw vm.typeError("Tuple or struct_time argument required") }
        guard plain.tuple.pointee.count == 9 else { throw vm.typeError("\(name)(): illegal time tuple argument") }
        var numbers: [Int] = []
        for index in 0..<9 { numbers.append(try vm.index(plain.tuple.items[index])) }
        guard let year = Int32(exactly: numbers[0] - 1900), numbers.dropFirst().allSatisfy({ Int32(exactly: $0) != nil }) else {
            throw vm.overflowError("signed integer is greater than maximum")
        }
        var parts = tm()
        parts.tm_year = year
        parts.tm_mon = Int32(numbers[1]) - 1
        parts.tm_mday = Int32(numbers[2])
        parts.tm_hour = Int32(numbers[3])
        parts.tm_min = Int32(numbers[4])
        parts.tm_sec = Int32(numbers[5])
        parts.tm_wday = (Int32(numbers[6]) + 1) % 7
        parts.tm_yday = Int32(numbers[7]) - 1
        parts.tm_isdst = Int32(numbers[8])
        if checked { try check(vm, &parts, weekday: numbers[6]) }
        let zone = vm.ownAttribute(value, vm.intern("_tm_gmtoff"))
        if zone.isInt {
            parts.tm_gmtoff = zone.asInt
            // The C library wants a name that outlives the call: only its own two are at hand.
            let name = vm.ownAttribute(value, vm.intern("_tm_zone"))
            if name.isString, vm.text(name) == "GMT" || vm.text(name) == "UTC" { parts.tm_zone = CalendarTime.greenwich(vm.text(name)) }
        }
        return parts
    }

    private static func greenwich(_ name: String) -> UnsafePointer<CChar>? {
        var moment = time_t(0)
        var parts = tm()
        gmtime_r(&moment, &parts)
        return parts.tm_zone
    }

    /// Zero is allowed where programs leave fields out.
    private static func check(_ vm: VM, _ parts: inout tm, weekday: Int) throws(PythonError) {
        if parts.tm_mon == -1 { parts.tm_mon = 0 }
        if parts.tm_mon < 0 || parts.tm_mon > 11 { throw vm.valueError("month out of range") }
        if parts.tm_mday == 0 { parts.tm_mday = 1 }
        if parts.tm_mday < 0 || parts.tm_mday > 31 { throw vm.valueError("day of month out of range") }
        if parts.tm_hour < 0 || parts.tm_hour > 23 { throw vm.valueError("hour out of range") }
        if parts.tm_min < 0 || parts.tm_min > 59 { throw vm.valueError("minute out of range") }
        if parts.tm_sec < 0 || parts.tm_sec > 61 { throw vm.valueError("seconds out of range") }
        if weekday < -1 { throw vm.valueError("day of week out of range") }
        if parts.tm_yday == -1 { parts.tm_yday = 0 }
        if parts.tm_yday < 0 || parts.tm_yday > 365 { throw vm.valueError("day of year out of range") }
        parts.tm_isdst = max(-1, min(1, parts.tm_isdst))
    }

    /// `Thu Jan  1 00:00:00 1970`
    private static func plainText(_ parts: tm) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = parts.tm_mday < 10 ? " \(parts.tm_mday)" : "\(parts.tm_mday)"
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return
            "\(days[Int(max(0, min(6, parts.tm_wday)))]) \(months[Int(max(0, min(11, parts.tm_mon)))]) \(day) \(clock) \(Int(parts.tm_year) + 1900)"
    }

    private static func format(_ format: String, _ parts: tm) -> String {
        if format.isEmpty { return "" }
        // A leading mark tells an empty result from a buffer that is too small.
        let marked = "x" + format
        var parts = parts
        var size = 256
        while true {
            var buffer = [CChar](repeating: 0, count: size)
            let count = strftime(&buffer, size, marked, &parts)
            if count > 0 { return String(decoding: buffer[1..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
            if size > 1 << 24 { return "" }
            size *= 4
        }
    }
}
