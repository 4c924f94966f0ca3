//! Names that compilers, template engines and bundlers make up: the part that differs from build to
//! build is taken out. Data, not code: add a line to the table.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{Platform, asset};

/// What of a frame a line of the table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Module,
    Function,
    File,
    /// Modules and functions alike.
    Name,
}

/// A name as it comes, and as it counts.
type Line = (Platform, Part, &'static str, &'static str);

const TABLE: &[Line] = &[
    // Reflection, and its stand-ins.
    (
        Platform::Java,
        Part::Module,
        r"^(sun|jdk\.internal)\.reflect\.GeneratedMethodAccessor\d+.*",
        "$1.reflect.GeneratedMethodAccessor",
    ),
    (
        Platform::Java,
        Part::Module,
        r"(Generated(?:Serialization)?ConstructorAccessor)\d+",
        "$1<auto>",
    ),
    (
        Platform::Java,
        Part::Module,
        r"^(?:com\.sun\.proxy|jdk\.proxy\d*)\.\$Proxy\d+",
        "$$Proxy<auto>",
    ),
    (Platform::Java, Part::Module, r"\$Proxy\d+", "$$Proxy<auto>"),
    (Platform::Java, Part::Module, r"\$\$Lambda.*", "$$$$Lambda"),
    (Platform::Java, Part::Module, r"/0x[0-9a-f]+", ""),
    // Spring, Hibernate, Seam, Byte Buddy, Mockito.
    (
        Platform::Java,
        Part::Module,
        r"(\$\$\w*CGLIB\$\$)[0-9a-fA-F]+",
        "$1<auto>",
    ),
    (
        Platform::Java,
        Part::Module,
        r"(\$\$?(?:EnhancerBy|FastClassBy)\w*\$\$?)[0-9a-fA-F]+",
        "$1<auto>",
    ),
    (
        Platform::Java,
        Part::Module,
        r"(\$\$?HibernateProxy\$)\w+",
        "$1<auto>",
    ),
    (
        Platform::Java,
        Part::Module,
        r"(\$\$_javassist(?:_seam)?)_\d+",
        "${1}_<auto>",
    ),
    (
        Platform::Java,
        Part::File,
        r"(\$\$_javassist(?:_seam)?)_\d+",
        "${1}_<auto>",
    ),
    (
        Platform::Java,
        Part::Module,
        r"\$(ByteBuddy|MockitoMock|auxiliary)\$\w+",
        "$$$1$$<auto>",
    ),
    // Clojure, Groovy.
    (
        Platform::Java,
        Part::Name,
        r"(fn|eval|reify|G)__?\d+",
        "${1}__<auto>",
    ),
    (Platform::Java, Part::Name, r"(_closure)\d+", "$1<auto>"),
    (Platform::Java, Part::Name, r"^Script\d+$", "Script<auto>"),
    // Lambdas, anonymous classes, coroutines, accessors.
    (Platform::Java, Part::Name, r"\$\d+\b", "$$<auto>"),
    // State machines, closures and local functions of C#.
    (Platform::CSharp, Part::Name, r">d__\d+(?:`\d+)?", ">d"),
    (Platform::CSharp, Part::Name, r">b__\d+(?:_\d+)*", ">b"),
    (Platform::CSharp, Part::Name, r">(g__\w+)\|\d+(?:_\d+)*", ">$1"),
    (
        Platform::CSharp,
        Part::Name,
        r"(__DisplayClass|__AnonymousType|__Iterator|AnonStorey|>m__|^lambda_method|Proxy_)[0-9A-F]+(?:_\d+)*",
        "$1",
    ),
    // Closures, anonymous classes and compiled templates of PHP.
    (Platform::Php, Part::Function, r"\{closure:.*\}", "{closure}"),
    (
        Platform::Php,
        Part::Name,
        r"(__TwigTemplate_)[0-9a-f]+(?:___\d+)?",
        "$1",
    ),
    (Platform::Php, Part::File, r"[0-9a-f]{32,64}", "<hash>"),
    (Platform::Php, Part::File, r"\(\d+\) : (eval|runtime)", "() : $1"),
    // Compiled templates and callbacks of Ruby.
    (Platform::Ruby, Part::Function, r"_{2,3}-?\d{4,}_-?\d{4,}$", ""),
    (Platform::Ruby, Part::Function, r"^(_\w*callback\w*?)_\d+$", "$1"),
    (Platform::Ruby, Part::File, r"^\((eval|irb)\b.*", "($1)"),
    // Notebooks.
    (
        Platform::Python,
        Part::File,
        r"^<ipython-input-.*",
        "<ipython-input>",
    ),
    (Platform::Python, Part::File, r"^\d+\.py$", "<cell>.py"),
    // Closures.
    (Platform::Go, Part::Name, r"\.func\d+(?:\.\d+)*", ".func"),
    (
        Platform::Native,
        Part::Function,
        r"\{closure#\d+\}",
        "{{closure}}",
    ),
    (Platform::Native, Part::Function, r"\{impl#\d+\}", "{impl}"),
    (Platform::Native, Part::Function, r"\[[0-9a-f]{8,16}\]::", "::"),
    (Platform::Native, Part::Function, r"17h[0-9a-f]{16}E", "E"),
    (
        Platform::Native,
        Part::Function,
        r"\.(?:llvm|isra|part|constprop|lto_priv)\.\d+",
        "",
    ),
    (Platform::Native, Part::Function, r"(_block_invoke)_\d+", "$1"),
    (Platform::Native, Part::Function, r"(_INTERNAL)[0-9a-f]{8}", "$1"),
];

/// The lines that are about modules, functions and files of a platform, compiled.
type Lines = [Vec<(Regex, &'static str)>; 3];

static COMPILED: LazyLock<[Lines; Platform::COUNT]> = LazyLock::new(|| {
    let mut lines: [Lines; Platform::COUNT] = Default::default();
    for (platform, part, pattern, form) in TABLE {
        let parts: &[Part] = match part {
            Part::Name => &[Part::Module, Part::Function],
            part => &[*part],
        };
        for part in parts {
            let compiled = Regex::new(pattern).ok().map(|pattern| (pattern, *form));
            lines[*platform as usize][*part as usize].extend(compiled);
        }
    }
    lines
});

static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+").ok());

/// A module as it counts.
pub(super) fn module(platform: Platform, name: &str) -> Cow<'_, str> {
    if platform.is_javascript() {
        return asset::module(name);
    }
    rewritten(platform, Part::Module, name)
}

/// A function as it counts.
pub(super) fn function(platform: Platform, name: &str) -> Cow<'_, str> {
    rewritten(platform, Part::Function, name)
}

/// The name of a file as it counts.
pub(super) fn file(platform: Platform, name: &str) -> Cow<'_, str> {
    if platform.is_javascript() {
        return asset::file(name);
    }
    rewritten(platform, Part::File, name)
}

/// A text with `<int>` for every number.
pub(super) fn without_numbers(text: &str) -> String {
    match &*NUMBERS {
        Some(numbers) => numbers.replace_all(text, "<int>").into_owned(),
        None => text.to_owned(),
    }
}

fn rewritten(platform: Platform, part: Part, name: &str) -> Cow<'_, str> {
    let lines = &COMPILED[platform as usize][part as usize];
    // Whatever is generated has a digit in it, or a marker.
    let is_mark = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'$' | b'{' | b'(' | b'<');
    if lines.is_empty() || !name.bytes().any(is_mark) {
        return Cow::Borrowed(name);
    }
    lines.iter().fold(Cow::Borrowed(name), |name, (pattern, form)| {
        match pattern.replace_all(&name, *form) {
            Cow::Borrowed(_) => name,
            Cow::Owned(changed) => Cow::Owned(changed),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_compiles() {
        let names = TABLE.iter().filter(|line| line.1 == Part::Name).count();
        let compiled: usize = COMPILED.iter().flatten().map(Vec::len).sum();
        assert_eq!(compiled, TABLE.len() + names);
        assert_eq!(without_numbers("f(a=12, b=7)"), "f(a=<int>, b=<int>)");
    }

    #[test]
    fn builds_do_not_tell_names_apart() {
        use Platform::{CSharp, Go, Java, Native, Php, Python, Ruby};
        for (platform, part, a, b) in [
            (
                Java,
                Part::Module,
                "com.tea.Pot$$EnhancerBySpringCGLIB$$0a1b",
                "com.tea.Pot$$EnhancerBySpringCGLIB$$99ff",
            ),
            (
                Java,
                Part::Module,
                "com.tea.Pot$$SpringCGLIB$$0",
                "com.tea.Pot$$SpringCGLIB$$1",
            ),
            (Java, Part::Module, "com.sun.proxy.$Proxy12", "jdk.proxy2.$Proxy7"),
            (
                Java,
                Part::Module,
                "tea.core$brew$fn__15",
                "tea.core$brew$fn__99110",
            ),
            (Java, Part::Module, "com.tea.Pot$brew$2", "com.tea.Pot$brew$5"),
            (
                Java,
                Part::Module,
                "com.tea.Pot$$Lambda$14/0x0000000800c8f440",
                "com.tea.Pot$$Lambda/0x00007f01",
            ),
            (
                Java,
                Part::Module,
                "tea.Pot_$$_javassist_seam_7",
                "tea.Pot_$$_javassist_seam_99",
            ),
            (
                Java,
                Part::Module,
                "tea.Pot$HibernateProxy$aB3x",
                "tea.Pot$HibernateProxy$Zz9",
            ),
            (Java, Part::Function, "lambda$brew$1", "lambda$brew$77"),
            (
                CSharp,
                Part::Module,
                "Tea.Pot+<BrewAsync>d__5",
                "Tea.Pot+<BrewAsync>d__17",
            ),
            (
                CSharp,
                Part::Module,
                "Tea.Pot+<>c__DisplayClass5_0",
                "Tea.Pot+<>c__DisplayClass6_1",
            ),
            (CSharp, Part::Function, "<Brew>b__0_1", "<Brew>b__3"),
            (CSharp, Part::Function, "<Brew>g__Pour|4_0", "<Brew>g__Pour|5_0"),
            (CSharp, Part::Function, "lambda_method12", "lambda_method"),
            (Php, Part::Function, "{closure:Tea\\Pot::brew():12}", "{closure}"),
            (
                Php,
                Part::File,
                "0123456789abcdef0123456789abcdef01234567.php",
                "ff23456789abcdef0123456789abcdef01234567.php",
            ),
            (
                Ruby,
                Part::Function,
                "_pot_erb__3327151541_7036129",
                "_pot_erb___1234567_8910111",
            ),
            (
                Ruby,
                Part::Function,
                "_run_tea_callbacks_12",
                "_run_tea_callbacks_7",
            ),
            (
                Python,
                Part::File,
                "<ipython-input-3-0a1b>",
                "<ipython-input-4-77>",
            ),
            (Go, Part::Function, "main.brew.func1", "main.brew.func2.1"),
            (
                Native,
                Part::Function,
                "_ZN3tea4brew17h0123456789abcdefE",
                "_ZN3tea4brew17hfedcba9876543210E",
            ),
            (Native, Part::Function, "brew.llvm.7123", "brew"),
            (
                Native,
                Part::Function,
                "tea::brew::{closure#0}",
                "tea::brew::{{closure}}",
            ),
        ] {
            assert_eq!(rewritten(platform, part, a), rewritten(platform, part, b), "{a}");
        }
        assert_ne!(module(Java, "tea.A$fn__1"), module(Java, "tea.A$fn__1$fn__2"));
    }
}
