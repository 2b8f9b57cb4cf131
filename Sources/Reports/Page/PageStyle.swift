/// The one style sheet of all pages: system fonts, a measure that reads well, light and dark, a sheet for paper.
package enum PageStyle {
    package static let text = light + layout + cells + prose + mathematics + charts + narrow + print

    /// Colours have a contrast of at least 4.5 against their ground.
    private static let light = """
        :root{--fg:#1f2733;--soft:#596273;--bg:#fff;--panel:#f6f7f9;--line:#dde1e8;--accent:#1a5fb4;--warn:#8a5300;--warnbg:#fff4e0;--bad:#b3261e;--badbg:#fdecea;--good:#1b6e3c;\
        --kw:#8b2fa8;--st:#1b6e3c;--nu:#0b6374;--co:#5f6a7a;--de:#1a5fb4;--mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        @media screen{:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark;\(dark)}}
        @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){\(dark)}}

        """

    private static let dark = """
        --fg:#dfe4ec;--soft:#9aa5b5;--bg:#14181f;--panel:#1c222c;--line:#323b49;--accent:#7db4ff;--warn:#f0b860;--warnbg:#33270f;--bad:#ff8a80;--badbg:#3a1a19;--good:#7fd6a0;\
        --kw:#d9a0f0;--st:#8fdca9;--nu:#6fd3e3;--co:#8b96a6;--de:#7db4ff
        """

    private static let layout = """
        *{box-sizing:border-box}html{scroll-behavior:smooth}@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
        .skip{position:absolute;left:-99in}.skip:focus{left:8px;top:8px;background:var(--bg);padding:6px 10px;z-index:2}
        .page{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,46rem) minmax(12rem,1fr);gap:0 2.5rem;padding:0 1.25rem}
        main{grid-column:2;padding:2.5rem 0 5rem}nav.toc{grid-column:3;font-size:.86rem;padding-top:3rem}
        nav.toc ol{list-style:none;margin:0;padding:0;position:sticky;top:1.5rem;max-height:calc(100vh - 3rem);overflow:auto;border-left:1px solid var(--line)}
        nav.toc li a{display:block;padding:.2rem 0 .2rem .8rem;margin-left:-1px;border-left:2px solid transparent;color:var(--soft);text-decoration:none}
        nav.toc li.deep a{padding-left:1.7rem}nav.toc a:hover{color:var(--fg)}nav.toc a[aria-current]{color:var(--accent);border-color:var(--accent)}
        .tools{position:fixed;right:1rem;top:.75rem;display:none;gap:.4rem}.js .tools{display:flex}
        button{font:inherit;font-size:.8rem;color:var(--soft);background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.15rem .55rem;cursor:pointer}button:hover{color:var(--fg)}
        h1,h2,h3,h4,h5,h6{line-height:1.25;margin:2.2em 0 .6em;scroll-margin-top:1rem}h1{font-size:2rem;margin:0 0 .5rem}h2{font-size:1.45rem}h3{font-size:1.15rem}h4,h5,h6{font-size:1rem}
        .anchor{color:inherit;text-decoration:none}.anchor::after{content:"#";color:var(--accent);opacity:0;margin-left:.35em;font-weight:400}.anchor:hover::after,:hover>.anchor::after,.anchor:focus-visible::after{opacity:1}
        .facts{display:flex;flex-wrap:wrap;gap:.25rem 1.4rem;margin:0 0 2rem;padding:.7rem 0;border:solid var(--line);border-width:1px 0;font-size:.86rem}
        .facts div{display:flex;gap:.4rem}.facts dt{color:var(--soft)}.facts dd{margin:0}.author{color:var(--soft);margin:0 0 1rem}
        .alert{border:1px solid var(--warn);background:var(--warnbg);border-radius:8px;padding:.6rem .9rem;margin:0 0 1.5rem;font-size:.93rem}
        .part{display:contents}#live{position:sticky;top:0;z-index:1;max-width:46rem;margin:1rem auto}.running .bar .badge{animation:pulse 2s infinite}@keyframes pulse{50%{opacity:.55}}@media(prefers-reduced-motion:reduce){.running .bar .badge{animation:none}}
        p.note{color:var(--soft);border-left:3px solid var(--warn);padding-left:.75rem}
        .wide{grid-template-columns:minmax(0,1fr) minmax(0,64rem) minmax(9rem,1fr)}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:.6rem;margin:1rem 0}
        .card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.6rem .75rem}.card dt{color:var(--soft);font-size:.75rem}.card dd{margin:0;font-weight:600}

        """

    private static let cells = """
        .cell{margin:1.4rem 0}.bar{display:flex;align-items:center;gap:.6rem;font-size:.76rem;color:var(--soft);min-height:1.4rem}
        .bar a{font-family:var(--mono);text-decoration:none;color:inherit}.bar .time{margin-left:auto}.bar .copy{padding:0 .4rem;margin-left:auto}.bar .time+.copy{margin-left:0}
        .badge{border-radius:4px;padding:0 .4rem;font-weight:600;border:1px solid}.stale,.edited{color:var(--warn);background:var(--warnbg)}.failed{color:var(--bad);background:var(--badbg)}
        details.code>summary{cursor:pointer;font-size:.8rem;color:var(--soft);list-style-position:inside}
        pre{font:.84rem/1.5 var(--mono);margin:.3rem 0;padding:.75rem .9rem;overflow-x:auto;border-radius:8px;tab-size:4}
        .code pre,pre.source{background:var(--panel);border:1px solid var(--line)}pre.out{padding:.35rem .9rem;border-left:2px solid var(--line);border-radius:0;max-height:32rem;overflow:auto}
        pre.stderr{border-color:var(--warn)}pre.error{background:var(--badbg);border:1px solid var(--bad);color:var(--fg)}pre.error .caret{color:var(--bad);font-weight:600}pre.error .first{color:var(--bad);font-weight:600}
        pre i{font-style:normal}.k{color:var(--kw)}.s{color:var(--st)}.n{color:var(--nu)}pre .c{color:var(--co);font-style:italic}.d{color:var(--de);font-weight:600}
        figure{margin:1rem 0;text-align:center}figure img{max-width:100%;height:auto}figcaption{color:var(--soft);font-size:.88rem;margin-top:.3rem}
        .scroll{overflow-x:auto;margin:.8rem 0}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}th,td{padding:.3rem .7rem;border-bottom:1px solid var(--line);text-align:left}
        thead th{border-bottom:2px solid var(--line);font-weight:600}.r{text-align:right}.m{text-align:center}caption{caption-side:bottom;color:var(--soft);font-size:.86rem;padding-top:.4rem}

        """

    private static let prose = """
        p code,li code,td code{font:.87em var(--mono);background:var(--panel);border-radius:4px;padding:.1em .3em}blockquote{margin:1rem 0;padding:0 1rem;border-left:3px solid var(--line);color:var(--soft)}
        .callout{margin:1.2rem 0;padding:.6rem 1rem;border-left:4px solid var(--accent);background:var(--panel);border-radius:0 8px 8px 0}.callout>strong:first-child{display:block}.callout.warning,.callout.caution,.callout.important,.callout.danger{border-color:var(--warn)}
        .callout>:last-child{margin-bottom:0}hr{border:0;border-top:1px solid var(--line);margin:2rem 0}img{max-width:100%}.footnotes li>p:last-of-type{display:inline}li.task{list-style:none;margin-left:-1.3em}.footnotes{font-size:.88rem;color:var(--soft);border-top:1px solid var(--line);margin-top:3rem}

        """

    private static let mathematics = """
        math{font-size:1.08em;font-family:"Latin Modern Math","STIX Two Math","Cambria Math",math}math[display=block]{margin:1rem 0;overflow-x:auto;overflow-y:hidden;padding:.2rem 0}.boxed{border:1px solid;padding:.2em .4em}mtext.b{font-weight:700}mtext.i{font-style:italic}mtext.t{font-family:var(--mono)}
        mtd.ml{text-align:left}mtd.mr{text-align:right}mtd.joined.mr{padding-right:.12em}mtd.joined.ml{padding-left:.12em}.tex{border-bottom:1px dotted var(--warn)}.texline{display:block;text-align:center;margin:1rem 0}

        """

    private static let charts = """
        svg.curves{width:100%;height:auto}.curves text{fill:var(--soft);font-size:11px}.curves .a{stroke:var(--accent)}.curves .b{stroke:var(--warn)}.curves .grid{stroke:var(--line)}
        .bar-of{display:inline-block;height:.5rem;background:var(--accent);margin-right:.4rem;border-radius:2px}tbody th{font-weight:400}
        th>button{font:inherit;color:inherit;background:none;border:0;padding:0;text-align:inherit}th>button:focus-visible{outline:2px solid var(--accent)}th[aria-sort=ascending]>button::after{content:" ↑"}th[aria-sort=descending]>button::after{content:" ↓"}

        """

    private static let narrow = """
        @media(max-width:75rem){.page{grid-template-columns:minmax(0,1fr)}main{grid-column:1;max-width:46rem;margin:0 auto;width:100%}nav.toc{display:none}}
        @media(max-width:40rem){body{font-size:15px}h1{font-size:1.6rem}.tools{position:static;justify-content:flex-end;padding:.5rem 1rem}}

        """

    private static let print = """
        @media print{details.code::details-content{content-visibility:visible;block-size:auto}:root{--bg:#fff;--fg:#000}body{font-size:10.5pt}.page{display:block;padding:0}main{padding:0}nav,.tools,.skip,.copy{display:none!important}.anchor::after{content:""}
        pre{white-space:pre-wrap;max-height:none!important;overflow:visible;break-inside:avoid-page}figure,table,.callout{break-inside:avoid}.bar,summary{break-after:avoid}h2,h3{break-after:avoid}main a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em;color:#555}}
        """
}
