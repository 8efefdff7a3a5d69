package org.yifang.fhir.json;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.XmlCharacters;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Refuses JSON that two readers could understand differently, before anybody parses it.
///
/// What passes is JSON by RFC 8259 and, for names and texts, I-JSON by RFC 7493: UTF-8 without a
/// byte order mark, no name twice in one object, no half of a surrogate pair; and nothing that XML
/// 1.0 cannot carry, since what is stored must be readable in either format. Other parsers keep the
/// first or the last of two equal names, and a signature over one meaning would cover another.
public final class StrictJson {
    /// FHIR nests some 15 levels deep; a parser that recurses must not be led further than this.
    static final int DEPTH_MAX = 64;

    /// A body with more faults than this has one cause; listing on helps nobody.
    static final int FINDINGS_MAX = 20;

    /// Comparing one by one is fastest for the few names that an object of FHIR has.
    private static final int NAMES_COMPARED_MAX = 32;

    private static final Finding MARKED =
            new Finding(
                    ProblemCode.UNREADABLE,
                    "The body begins with a byte order mark (BOM).",
                    "Send UTF-8 without one (RFC 8259 section 8.1).");

    private final JsonTokens tokens;
    private final List<Finding> findings = new ArrayList<>();
    private final @Nullable String[] names = new @Nullable String[DEPTH_MAX + 1];
    private final int[] indexes = new int[DEPTH_MAX + 1];
    private int depth;
    private int values;
    private int entries;
    private int longest;
    private int most;

    private StrictJson(byte[] json) {
        this.tokens = new JsonTokens(json);
    }

    /// Checks a whole body.
    ///
    /// @throws Problem `RX-1400` for the first place that is not JSON, or for every text that XML
    ///   1.0 cannot carry and `RX-1401` for every duplicate name, each with its path
    public static void check(byte[] json) {
        measured(json);
    }

    /// Checks a whole body, and says how large it is.
    public static Extent measured(byte[] json) {
        StrictJson scan = new StrictJson(json);
        List<Finding> findings = scan.whole();
        if (!findings.isEmpty()) {
            throw new Problem(findings);
        }
        return new Extent(scan.values, scan.entries, scan.longest, scan.most);
    }

    /// What is wrong with a body; empty when nothing is.
    public static List<Finding> findings(byte[] json) {
        return new StrictJson(json).whole();
    }

    private List<Finding> whole() {
        if (tokens.isMarked()) {
            return List.of(MARKED);
        }
        try {
            tokens.space();
            value();
            tokens.space();
            tokens.end();
        } catch (JsonTokens.NotJson e) {
            return List.of(unreadable(e));
        }
        return findings;
    }

    /// How large a body is for whoever has to look at all of it.
    ///
    /// @param entries items of the list `entry` at the top
    /// @param longest items of the longest other list
    /// @param names of the object that has most
    public record Extent(int values, int entries, int longest, int names) {}

    private void value() throws JsonTokens.NotJson {
        values++;
        switch (tokens.peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> {
                tokens.string();
                carried();
            }
            case 't' -> tokens.literal("true");
            case 'f' -> tokens.literal("false");
            case 'n' -> tokens.literal("null");
            default -> tokens.number();
        }
    }

    private void object() throws JsonTokens.NotJson {
        enter("");
        Names seen = new Names();
        tokens.space();
        if (tokens.peek() == '}') {
            leave();
            return;
        }
        while (true) {
            tokens.space();
            if (tokens.peek() != '"') {
                throw tokens.broken("A name in quotes is expected");
            }
            int start = tokens.at + 1;
            boolean escaped = tokens.string();
            String name = tokens.text(start, tokens.at - 1, escaped);
            names[depth] = name;
            carried();
            if (!seen.add(name)) {
                duplicate(name);
            }
            most = Math.max(most, seen.size());
            tokens.space();
            tokens.expect(':');
            tokens.space();
            int from = tokens.at;
            value();
            if (name.equals("div")) {
                tokens.narrative(from);
            }
            tokens.space();
            if (tokens.peek() == '}') {
                leave();
                return;
            }
            tokens.expect(',');
        }
    }

    private void array() throws JsonTokens.NotJson {
        enter(null);
        tokens.space();
        if (tokens.peek() == ']') {
            leave();
            return;
        }
        for (indexes[depth] = 0; ; indexes[depth]++) {
            tokens.space();
            value();
            tokens.space();
            if (tokens.peek() == ']') {
                counted(indexes[depth] + 1);
                leave();
                return;
            }
            tokens.expect(',');
        }
    }

    private void counted(int items) {
        if (depth == 2 && "entry".equals(names[1])) {
            entries = items;
        } else {
            longest = Math.max(longest, items);
        }
    }

    private void enter(@Nullable String name) throws JsonTokens.NotJson {
        if (depth == DEPTH_MAX) {
            throw tokens.broken("The JSON nests deeper than " + DEPTH_MAX + " levels");
        }
        tokens.at++;
        depth++;
        names[depth] = name;
    }

    private void leave() {
        tokens.at++;
        depth--;
    }

    /// Notes a text that could never be sent as XML.
    private void carried() {
        if (tokens.unfit == XmlCharacters.NONE || findings.size() == FINDINGS_MAX) {
            return;
        }
        String path = path();
        findings.add(unfit(tokens.unfit, path));
    }

    static Finding unfit(int character, String path) {
        return new Finding(
                ProblemCode.UNREADABLE,
                "A text holds the character "
                        + XmlCharacters.named(character)
                        + ", which XML 1.0 cannot carry.",
                "Of control characters a text holds tab, line feed and carriage return.",
                path.isEmpty() ? null : shortened(XmlCharacters.escaped(path)),
                false);
    }

    private void duplicate(String name) {
        if (findings.size() == FINDINGS_MAX) {
            return;
        }
        findings.add(
                new Finding(
                        ProblemCode.DUPLICATE_NAME,
                        "The name `" + shortened(name) + "` stands twice in one object.",
                        "Write every name once.",
                        shortened(path()),
                        false));
    }

    private Finding unreadable(JsonTokens.NotJson e) {
        String path = path();
        return new Finding(
                ProblemCode.UNREADABLE,
                e.getMessage() + " at " + tokens.place() + ".",
                "Send JSON by RFC 8259 in UTF-8.",
                path.isEmpty() ? null : shortened(path),
                false);
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int level = 1; level <= depth; level++) {
            String name = names[level];
            if (name == null) {
                path.append('[').append(indexes[level]).append(']');
            } else {
                path.append(path.isEmpty() || name.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    /// A caller's name may be as long as the body.
    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 199) + "…";
    }

    /// The names of one object so far.
    private static final class Names {
        private String[] few = new String[8];
        private int count;
        private @Nullable Set<String> many;

        int size() {
            return many == null ? count : many.size();
        }

        /// False when it was there already.
        boolean add(String name) {
            if (many != null) {
                return many.add(name);
            }
            for (int i = 0; i < count; i++) {
                if (few[i].equals(name)) {
                    return false;
                }
            }
            if (count == NAMES_COMPARED_MAX) {
                many = new HashSet<>(Arrays.asList(few));
                return many.add(name);
            }
            if (count == few.length) {
                few = Arrays.copyOf(few, 2 * count);
            }
            few[count++] = name;
            return true;
        }
    }
}
