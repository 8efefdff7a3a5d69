package org.yifang.platform;

/// Which characters a text may hold: those that XML 1.0 can carry, since whatever is taken in may
/// be asked for as XML, and no reader of XML takes the others however they are written.
public final class XmlCharacters {
    /// Nothing to object to.
    public static final int NONE = -1;

    /// Where the first character stands that XML 1.0 cannot carry (its production `Char`), or
    /// [#NONE].
    public static int firstUnfit(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (Character.isHighSurrogate(one)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(one) || isUnfit(one)) {
                return i;
            }
        }
        return NONE;
    }

    /// Whether XML 1.0 cannot carry a character, surrogates left aside.
    public static boolean isUnfit(int character) {
        return character < ' '
                ? character != '\t' && character != '\n' && character != '\r'
                : character == 0xFFFE || character == 0xFFFF;
    }

    /// A character as a person reads its name, `U+001B`.
    public static String named(int character) {
        return "U+%04X".formatted(character);
    }

    /// The text with what XML 1.0 cannot carry written out, `\u001b`, so that it can be shown.
    public static String escaped(String text) {
        if (firstUnfit(text) == NONE) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(one)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                shown.append(one).append(text.charAt(++i));
            } else if (Character.isSurrogate(one) || isUnfit(one)) {
                shown.append("\\u%04x".formatted((int) one));
            } else {
                shown.append(one);
            }
        }
        return shown.toString();
    }

    private XmlCharacters() {}
}
