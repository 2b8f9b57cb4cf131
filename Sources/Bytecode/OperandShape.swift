/// What the three fields of an instruction mean: the table that the disassembler and the verifier read.
package struct OperandShape: Sendable {
    package enum Role: Sendable {
        case none
        /// A register that receives a result.
        case destination
        /// A register that is read; consumed when the field's flag is set.
        case source
        /// A register that is read and always left undefined.
        case taken
        /// A register that is read and never consumed.
        case borrowed
        /// A register with a cell.
        case cell
        /// A register that is made undefined, whatever it held.
        case cleared
        /// The first of the three registers of a loop.
        case loopState
        /// The first register of a call window, a display or a run of results.
        case window
        case count, immediate
        case constant, name, cache, slot, free
        /// A built-in's number plus one, 0 for none.
        case builtin
        /// A 16-bit jump distance.
        case distance
        /// Together with `c` a 32-bit jump distance or immediate.
        case wideDistance, wideImmediate
        /// Meaning depends on the instruction: see its comment.
        case special
    }

    package let a: Role
    package let b: Role
    package let c: Role
    /// Number of `extra` words that follow.
    package let extras: Int

    init(_ a: Role = .none, _ b: Role = .none, _ c: Role = .none, extras: Int = 0) {
        self.a = a
        self.b = b
        self.c = c
        self.extras = extras
    }
}

extension Opcode {
    package var shape: OperandShape {
        switch self {
        case .nop, .returnNone, .unwind: OperandShape()
        case .move: OperandShape(.destination, .borrowed)
        case .moveTemp: OperandShape(.destination, .taken)
        case .loadConst: OperandShape(.destination, .constant)
        case .loadInt: OperandShape(.destination, .wideImmediate)
        case .clear: OperandShape(.cleared)
        case .clearRange: OperandShape(.window, .count)
        case .checkLocal: OperandShape(.special)

        case .loadGlobal: OperandShape(.destination, .slot, .builtin)
        case .storeGlobal: OperandShape(.source, .slot)
        case .deleteGlobal: OperandShape(.slot)
        case .loadName: OperandShape(.destination, .name, extras: 1)
        case .storeName: OperandShape(.source, .name)
        case .deleteName: OperandShape(.name)
        case .loadNameOrFree: OperandShape(.destination, .name, .free)
        case .makeCell: OperandShape(.special)
        case .loadCell: OperandShape(.destination, .cell)
        case .storeCell: OperandShape(.source, .cell)
        case .deleteCell: OperandShape(.cell)
        case .loadFree, .loadFreeCell: OperandShape(.destination, .free)
        case .storeFree: OperandShape(.source, .free)
        case .deleteFree: OperandShape(.free)

        case .getAttr: OperandShape(.destination, .source, .cache)
        case .setAttr: OperandShape(.source, .source, .cache)
        case .deleteAttr: OperandShape(.none, .source, .cache)
        case .loadSuper, .getItem: OperandShape(.destination, .source, .source)
        case .getItemI: OperandShape(.destination, .source, .immediate)
        case .setItem: OperandShape(.source, .source, .source)
        case .deleteItem: OperandShape(.none, .source, .source)

        case .add, .subtract, .multiply, .matrixMultiply, .trueDivide, .floorDivide, .modulo, .power, .leftShift, .rightShift, .bitAnd,
            .bitOr, .bitXor, .compare:
            OperandShape(.destination, .source, .source)
        case .addI, .subtractI, .multiplyI, .floorDivideI, .moduloI, .leftShiftI, .rightShiftI, .bitAndI:
            OperandShape(.destination, .source, .immediate)
        case .addK, .subtractK, .multiplyK, .trueDivideK, .powerK: OperandShape(.destination, .source, .constant)
        case .negative, .positive, .invert, .not: OperandShape(.destination, .source)

        case .jumpLess, .jumpLessEqual, .jumpEqual, .jumpNotEqual, .jumpGreater, .jumpGreaterEqual, .jumpIs, .jumpIn:
            OperandShape(.source, .source, .distance)
        case .jumpLessI, .jumpLessEqualI, .jumpEqualI, .jumpNotEqualI, .jumpGreaterI, .jumpGreaterEqualI:
            OperandShape(.source, .immediate, .distance)
        case .jumpIsNone, .jumpIfTrue, .jumpIfFalse: OperandShape(.source, .none, .distance)
        case .jump: OperandShape(.none, .wideDistance)

        case .getIter: OperandShape(.loopState, .source)
        case .forIter: OperandShape(.loopState, .destination, .distance)
        case .unpack, .unpackStar: OperandShape(.window, .source, .count)

        case .buildList, .buildTuple, .buildSet, .buildDict, .buildString: OperandShape(.destination, .window, .count)
        case .buildSlice: OperandShape(.destination, .window)
        case .listAppend, .setAdd, .listExtend, .setUpdate, .dictUpdate: OperandShape(.borrowed, .source)
        case .dictSet: OperandShape(.borrowed, .source, .source)
        case .dictMerge: OperandShape(.borrowed, .source, .borrowed)
        case .listToTuple: OperandShape(.destination, .source)
        case .formatValue: OperandShape(.destination, .source, .special)

        case .makeFunction: OperandShape(.destination, .constant, .window)
        case .call: OperandShape(.window, .count, .destination)
        case .callKeyword: OperandShape(.window, .count, extras: 1)
        case .callSpread: OperandShape(.window, .none, .destination)
        case .findMethod: OperandShape(.window, .special, .cache)
        case .callGlobal, .callMethod: OperandShape(.window, .count, extras: 1)
        case .callMethodKeyword: OperandShape(.window, .count, extras: 2)
        case .extra: OperandShape(.special, .special, .special)
        case .ret: OperandShape(.source)
        case .loadBuildClass: OperandShape(.destination)

        case .yieldValue: OperandShape(.source, .special, .destination)
        case .getYieldFromIter: OperandShape(.destination, .source)
        case .toStack: OperandShape(.count)
        case .send: OperandShape(.special, .special, .distance)

        case .raise: OperandShape(.special, .special)
        case .reraise: OperandShape(.taken)
        case .enterHandler, .leaveHandler: OperandShape(.special)
        case .exceptMatch: OperandShape(.destination, .borrowed, .source)
        case .withEnter: OperandShape(.window, .source)
        case .withExceptArguments: OperandShape(.special)
        case .raiseAssert: OperandShape(.special)

        case .importName: OperandShape(.destination, .constant, .special)
        case .importFrom: OperandShape(.destination, .borrowed, .name)
        case .importStar: OperandShape(.borrowed)

        case .matchSequence, .matchMapping, .getLength: OperandShape(.destination, .borrowed)
        case .matchKeys, .copyDictWithout: OperandShape(.destination, .borrowed, .borrowed)
        case .matchClass: OperandShape(.destination, .borrowed, .source, extras: 1)

        case .display: OperandShape(.source)
        }
    }

    /// Control never passes to the next instruction.
    package var isTerminal: Bool {
        switch self {
        case .jump, .ret, .returnNone, .raise, .reraise, .raiseAssert, .unwind: true
        default: false
        }
    }
}

extension Instruction {
    /// For calls: the number of the first register behind the window.
    package var windowEnd: Int? {
        switch op {
        case .call, .callKeyword, .callGlobal: Int(a >> 4) + 1 + Int(b)
        case .callMethod, .callMethodKeyword: Int(a >> 4) + 2 + Int(b)
        case .callSpread: Int(a >> 4) + 3
        default: nil
        }
    }

    /// Where this instruction, at `index`, may jump to; nil when it never jumps.
    package func jumpTarget(at index: Int) -> Int? {
        if op == .jump { return index + 1 + Int(wide) }
        guard case .distance = op.shape.c else { return nil }
        return index + 1 + Int(Int16(bitPattern: c))
    }
}
