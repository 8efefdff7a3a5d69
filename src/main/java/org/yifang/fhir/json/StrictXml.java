package org.yifang.fhir.json;

import org.yifang.platform.Limits;
import org.yifang.platform.XmlCharacters;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Refuses XML that would lead a reader too deep, too wide, or out of the document, before anybody
/// parses it. What is well formed is the parser's business.
public final class StrictXml {
    /// Digits that mean no number any more, and no identifier either.
    private static final int LONG_NUMBER = 1_000;

    /// What a declaration of the encoding may stand within.
    private static final int HEAD = 256;

    private static final Pattern ENCODING =
            Pattern.compile("<\\?xml[^>]*?encoding\\s*=\\s*[\"']([^\"']*)[\"']");

    private final byte[] xml;
    private int at;
    private int depth;
    private int tags;

    private StrictXml(byte[] xml) {
        this.xml = xml;
    }

    /// Checks a whole body, and says how many tags it has and how many open an `entry`.
    ///
    /// @throws Problem `RX-1400` for a document type, more than [StrictJson#DEPTH_MAX] levels or
    ///   more than [Limits#VALUES] tags, or a character that XML 1.0 cannot carry, with its place
    public static StrictJson.Extent measured(byte[] xml) {
        requireUtf8(xml);
        StrictXml scan = new StrictXml(xml);
        int entries = 0;
        while (scan.next()) {
            if (scan.is("<entry>") || scan.is("<entry ")) {
                entries++;
            }
            scan.markup();
        }
        return new StrictJson.Extent(scan.tags, entries, 0, 0);
    }

    /// In another encoding these bytes would mean something else to a parser than they do here.
    private static void requireUtf8(byte[] xml) {
        String head = new String(xml, 0, Math.min(xml.length, HEAD), StandardCharsets.ISO_8859_1);
        Matcher declared = ENCODING.matcher(head);
        if (head.startsWith("\u00ef\u00bb\u00bf")) {
            throw refused("begins with a byte order mark (BOM)", "Write UTF-8 without one.");
        }
        boolean other =
                declared.find()
                        && !declared.group(1).equalsIgnoreCase("UTF-8")
                        && !declared.group(1).equalsIgnoreCase("US-ASCII");
        if (other
                || head.indexOf('\0') >= 0
                || head.startsWith("\u00fe\u00ff")
                || head.startsWith("\u00ff\u00fe")) {
            throw refused("is not written in UTF-8", "Write it in UTF-8.");
        }
    }

    private boolean next() {
        while (at < xml.length && xml[at] != '<') {
            requireFit();
            at++;
        }
        return at < xml.length;
    }

    private void markup() {
        if (is("<!--")) {
            behind("-->");
        } else if (is("<![CDATA[")) {
            behind("]]>");
        } else if (is("<?")) {
            behind("?>");
        } else if (is("<!")) {
            throw refused("has a document type", "Leave `<!DOCTYPE` out.");
        } else if (is("</")) {
            depth--;
            behind(">");
        } else {
            tag();
        }
    }

    private void tag() {
        if (++tags > Limits.VALUES) {
            throw refused("has more than " + Limits.VALUES + " elements", "Send less at once.");
        }
        int quote = 0;
        int opened = 0;
        int spaces = 0;
        for (at++; at < xml.length; at++) {
            byte one = xml[at];
            requireFit();
            if (quote != 0) {
                if (one == quote) {
                    quote = 0;
                    requireNoLongNumber(opened);
                    requireSomething(opened);
                }
            } else if (one == '"' || one == '\'') {
                quote = one;
                opened = at + 1;
                if (++spaces > 2 * Limits.NAMES) {
                    throw refused(
                            "has an element with more than " + Limits.NAMES + " attributes",
                            "Write what FHIR has.");
                }
            } else if (one == '>') {
                break;
            }
        }
        boolean empty = at < xml.length && xml[at - 1] == '/';
        if (!empty && ++depth > StrictJson.DEPTH_MAX) {
            throw refused(
                    "nests deeper than " + StrictJson.DEPTH_MAX + " levels",
                    "Nest as FHIR R4 does, some 15 levels at the most.");
        }
    }

    /// What XML 1.0 cannot carry, written as a reference or as it is: a parser would refuse it,
    /// too, but not say where it stands.
    private void requireFit() {
        int one = xml[at];
        int character =
                switch (one) {
                    case '&' -> referred();
                    case (byte) 0xEF -> threeBytes();
                    default -> one >= 0 && one < ' ' ? one : ' ';
                };
        if (XmlCharacters.isUnfit(character)
                || character <= Character.MAX_VALUE && Character.isSurrogate((char) character)) {
            throw new Problem(List.of(StrictJson.unfit(character, XmlPlace.of(xml, at))));
        }
    }

    /// The character of a reference like `&#27;` or `&#x1B;`; a blank when it is no such one.
    private int referred() {
        if (at + 2 >= xml.length || xml[at + 1] != '#') {
            return ' ';
        }
        boolean hex = xml[at + 2] == 'x';
        int character = 0;
        for (int i = at + (hex ? 3 : 2); i < xml.length && xml[i] != ';'; i++) {
            int digit = Character.digit(xml[i], hex ? 16 : 10);
            if (digit < 0 || character > Character.MAX_CODE_POINT) {
                return ' ';
            }
            character = character * (hex ? 16 : 10) + digit;
        }
        return character;
    }

    private int threeBytes() {
        return at + 2 < xml.length && xml[at + 1] == (byte) 0xBF && (xml[at + 2] & 0xFE) == 0xBE
                ? 0xFFC0 | xml[at + 2] & 0x3F
                : ' ';
    }

    /// Reading a number takes time with more than its length; no text of so many digits means one.
    private void requireNoLongNumber(int from) {
        if (at - from <= LONG_NUMBER) {
            return;
        }
        for (int i = from; i < at; i++) {
            if ((xml[i] < '0' || xml[i] > '9') && ".+-eE".indexOf(xml[i]) < 0) {
                return;
            }
        }
        throw refused(
                "has a number longer than " + LONG_NUMBER + " characters",
                "Write numbers as they are measured.");
    }

    /// HAPI takes a `value` of blanks for none, and would pass over an element that is there.
    private void requireSomething(int from) {
        for (int i = from; i < at; i++) {
            if (xml[i] < 0 || xml[i] > ' ') {
                return;
            }
        }
        int name = from - 2;
        while (name >= 0 && (xml[name] == '=' || xml[name] <= ' ')) {
            name--;
        }
        String value = "value";
        int begin = name - value.length() + 1;
        for (int i = 0; i < value.length(); i++) {
            if (begin + i < 0 || xml[begin + i] != value.charAt(i)) {
                return;
            }
        }
        throw refused("has an element with an empty `value`", "Leave the element out.");
    }

    private boolean is(String mark) {
        for (int i = 0; i < mark.length(); i++) {
            if (at + i >= xml.length || xml[at + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void behind(String mark) {
        while (at < xml.length && !is(mark)) {
            at++;
        }
    }

    private static Problem refused(String what, String remedy) {
        return new Problem(ProblemCode.UNREADABLE, "The XML " + what + ".", remedy);
    }
}
