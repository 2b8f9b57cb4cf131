/// What LaTeX's commands for single symbols stand for, by the role that decides the space around them.
enum MathSymbols {
    /// Greek capitals stand upright, as in TeX.
    static let capitals: [String: String] = [
        "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
        "Omega": "Ω",
    ]

    static let letters: [String: String] = [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
        "vartheta": "ϑ",
        "iota": "ι", "kappa": "κ", "varkappa": "ϰ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ",
        "rho": "ρ", "varrho": "ϱ",
        "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "ell": "ℓ",
        "imath": "ı", "jmath": "ȷ",
    ]

    /// Ordinary symbols that are no italic letters.
    static let ordinary: [String: String] = [
        "infty": "∞", "partial": "∂", "nabla": "∇", "hbar": "ℏ", "emptyset": "∅", "varnothing": "∅", "aleph": "ℵ", "Re": "ℜ", "Im": "ℑ", "wp": "℘",
        "forall": "∀",
        "exists": "∃", "nexists": "∄", "top": "⊤", "bot": "⊥", "angle": "∠", "triangle": "△", "square": "□", "Box": "□", "degree": "°", "prime": "′",
        "dag": "†", "ddag": "‡",
        "ldots": "…", "dots": "…", "dotsc": "…", "dotsb": "⋯", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "checkmark": "✓", "S": "§", "P": "¶",
        "pounds": "£", "copyright": "©",
        "%": "%", "$": "$", "#": "#", "&": "&", "_": "_", "clubsuit": "♣", "diamondsuit": "♢", "heartsuit": "♡", "spadesuit": "♠", "flat": "♭",
        "natural": "♮", "sharp": "♯",
    ]

    static let binary: [String: String] = [
        "pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "⋅", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙", "oplus": "⊕", "ominus": "⊖",
        "otimes": "⊗",
        "oslash": "⊘", "odot": "⊙", "cap": "∩", "cup": "∪", "uplus": "⊎", "sqcap": "⊓", "sqcup": "⊔", "wedge": "∧", "land": "∧", "vee": "∨",
        "lor": "∨", "setminus": "∖",
        "wr": "≀", "diamond": "⋄", "amalg": "⨿", "dagger": "†", "ddagger": "‡", "ltimes": "⋉", "rtimes": "⋊", "boxtimes": "⊠", "boxplus": "⊞",
    ]

    static let relations: [String: String] = [
        "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "equiv": "≡", "sim": "∼", "simeq": "≃", "approx": "≈", "cong": "≅",
        "propto": "∝", "ll": "≪", "gg": "≫",
        "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇", "subsetneq": "⊊", "supsetneq": "⊋", "nsubseteq": "⊈", "in": "∈", "ni": "∋",
        "notin": "∉", "mid": "∣", "nmid": "∤",
        "parallel": "∥", "perp": "⟂", "vdash": "⊢", "dashv": "⊣", "models": "⊨", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰", "asymp": "≍",
        "doteq": "≐", "triangleq": "≜",
        "coloneqq": "≔", "lt": "<", "gt": ">", "leqslant": "⩽", "geqslant": "⩾", "lesssim": "≲", "gtrsim": "≳", "approxeq": "≊", "to": "→",
        "rightarrow": "→", "leftarrow": "←", "gets": "←",
        "leftrightarrow": "↔", "Rightarrow": "⇒", "implies": "⟹", "Leftarrow": "⇐", "impliedby": "⟸", "Leftrightarrow": "⇔", "iff": "⟺",
        "mapsto": "↦", "longmapsto": "⟼",
        "longrightarrow": "⟶", "longleftarrow": "⟵", "Longrightarrow": "⟹", "Longleftarrow": "⟸", "hookrightarrow": "↪", "hookleftarrow": "↩",
        "uparrow": "↑", "downarrow": "↓",
        "updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓", "nearrow": "↗", "searrow": "↘", "swarrow": "↙", "nwarrow": "↖", "rightharpoonup": "⇀",
        "leftharpoonup": "↼", "rightleftharpoons": "⇌",
        "leadsto": "⇝", "rightsquigarrow": "⇝", "therefore": "∴", "because": "∵",
    ]

    /// Sums and the like; their limits stand above and below in a display.
    static let large: [String: String] = [
        "sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigsqcup": "⨆", "bigvee": "⋁", "bigwedge": "⋀", "bigoplus": "⨁",
        "bigotimes": "⨂", "bigodot": "⨀", "biguplus": "⨄",
    ]

    /// Their limits stand beside them.
    static let integrals: [String: String] = ["int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮", "oiint": "∯"]

    static let functions: Set<String> = [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth", "exp", "log", "ln", "lg", "deg",
        "dim", "ker", "hom", "arg",
    ]

    /// Functions whose subscript stands below in a display.
    static let limitFunctions: [String: String] = [
        "lim": "lim", "max": "max", "min": "min", "sup": "sup", "inf": "inf", "det": "det", "gcd": "gcd", "Pr": "Pr", "limsup": "lim sup",
        "liminf": "lim inf", "argmax": "arg max",
        "argmin": "arg min",
    ]

    /// Delimiters by command; the plain ones are characters.
    static let delimiters: [String: String] = [
        "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "|": "‖", "Vert": "‖", "vert": "|", "lvert": "|",
        "rvert": "|", "lVert": "‖", "rVert": "‖",
        "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "backslash": "∖", "uparrow": "↑", "downarrow": "↓",
    ]
    static let opening: Set<String> = ["(", "[", "{", "⟨", "⌊", "⌈"]
    static let closing: Set<String> = [")", "]", "}", "⟩", "⌋", "⌉"]

    /// Accents over one argument; the wide ones stretch.
    static let accents: [String: (mark: String, isStretchy: Bool)] = [
        "hat": ("^", false), "widehat": ("^", true), "check": ("ˇ", false), "tilde": ("~", false), "widetilde": ("~", true), "bar": ("¯", false),
        "overline": ("‾", true),
        "vec": ("→", false), "dot": ("˙", false), "ddot": ("¨", false), "acute": ("´", false), "grave": ("`", false), "breve": ("˘", false),
        "mathring": ("˚", false),
        "overrightarrow": ("→", true), "overleftarrow": ("←", true), "overbrace": ("⏞", true),
    ]
    static let underAccents: [String: String] = ["underline": "_", "underbrace": "⏟"]

    /// Widths in em.
    static let spaces: [String: String] = [
        ",": "0.1667em", "thinspace": "0.1667em", ":": "0.2222em", ">": "0.2222em", "medspace": "0.2222em", ";": "0.2778em", "thickspace": "0.2778em",
        "!": "-0.1667em",
        "quad": "1em", "qquad": "2em", " ": "0.25em", "enspace": "0.5em", "hfill": "1em",
    ]

    static let sizes: [String: String] = [
        "big": "1.2em", "bigl": "1.2em", "bigr": "1.2em", "bigm": "1.2em", "Big": "1.8em", "Bigl": "1.8em", "Bigr": "1.8em", "Bigm": "1.8em",
        "bigg": "2.4em", "biggl": "2.4em",
        "biggr": "2.4em", "biggm": "2.4em", "Bigg": "3em", "Biggl": "3em", "Biggr": "3em", "Biggm": "3em",
    ]

    /// Commands that say something about numbering or place and draw nothing.
    static let silent: Set<String> = ["nonumber", "notag", "displaylimits", "relax", "allowbreak", "nobreak", "centering"]
}
