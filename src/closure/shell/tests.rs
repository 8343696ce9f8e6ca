use std::collections::BTreeMap;

use super::*;

/// The commands, each as its words, an unknown one as `text?what`.
fn commands(script: &str) -> Vec<String> {
    let mut variables = BTreeMap::from([("PWD".to_owned(), Some("/w".to_owned()))]);
    let read = read(script, &mut variables);
    let shown = |word: &Word| match &word.unknown {
        Some(unknown) => format!("{}?{unknown}", word.text),
        None => word.text.clone(),
    };
    let show = |simple: &Simple| {
        let words: Vec<String> = simple.words.iter().map(shown).collect();
        format!("{}{}", if simple.nested { "~" } else { "" }, words.join("|"))
    };
    read.commands.iter().map(show).collect()
}

#[test]
fn words_are_read_as_a_shell_reads_them() {
    for (script, expected) in [
        ("docker build -f 'a b' \"c\\\"d\" e\\ f", &["docker|build|-f|a b|c\"d|e f"][..]),
        ("a \\\n  b # c\nd", &["a|b", "d"]),
        ("cd web && npm ci; make || exit 1 &", &["cd|web", "npm|ci", "make", "exit|1"]),
        ("(cd web && make) | tee log", &["~cd|web", "~make", "tee|log"]),
        ("a | b | c", &["~a", "~b", "c"]),
        ("X=1 Y='2 3'; echo $X ${Y} $Z \"${Z:-q}\"", &["echo|1|?${Y}|?$Z|?${Z:-q}"]),
        ("X=1 make $X", &["make|?$X"]),
        ("export T=v; build -t r:$T-$(date +%s)`x`", &["export|T=v", "build|-t|r:v-?$(date +%s)"]),
        ("a $(pwd)/b $PWD 1>&2 >log 2>/dev/null <in", &["a|/w/b|/w"]),
        ("if test -f x; then make; else ! exit; fi", &["test|-f|x", "make", "exit"]),
        ("cat <<EOF >f\nnot a command\nEOF\nmake <<-'E' x\n\t y\n\tE\nlast", &["cat", "make|x", "last"]),
        ("build() { make; }; build", &["make", "build"]),
        ("echo $ $5 $@ '$X'", &["echo|$|?$5|?$@|$X"]),
        ("for f in a b; do make $f; done", &["for|f|in|a|b", "make|?$f"]),
        ("", &[]),
    ] {
        assert_eq!(commands(script), expected, "{script}");
    }
}

#[test]
fn an_open_quote_ends_the_reading_and_that_is_known() {
    let read = |script: &str| read(script, &mut BTreeMap::new());
    assert!(!read("a; b 'c").complete);
    assert!(!read("a; b \"c").complete);
    assert!(!read("a $(b").complete);
    assert_eq!(read("a; b 'c").commands.len(), 1);
    assert!(!read(&"a;".repeat(MAX_COMMANDS + 1)).complete);
}

#[test]
fn spans_are_those_of_the_script() {
    let script = "x && docker  'a'b";
    let read = read(script, &mut BTreeMap::new());
    let word = &read.commands[1].words[1];
    assert_eq!((&word.text[..], &script[word.span.range()]), ("ab", "'a'b"));
}

#[test]
fn no_script_makes_it_stand_still_or_panic() {
    let seed = "a='b' \"$c${d}$(e `f`)\" <<-X | (g) && # h\n\t\\\nX\n";
    let chars: Vec<char> = seed.chars().collect();
    for from in 0..chars.len() {
        for to in from..=chars.len() {
            let script: String = chars[from..to].iter().collect();
            let _ = read(&script, &mut BTreeMap::new());
        }
    }
}
