package org.yifang.platform;

/// A text of one line in which everything can be seen, and that XML 1.0 can carry: names of people
/// and of things, which stand in logs, in audit events and on pages.
public final class PlainText {
    /// Whether a text is one.
    public static boolean is(String text) {
        return text.codePoints().noneMatch(PlainText::isUnfit);
    }

    /// Whether a character breaks the line, shows nothing, changes how others are shown, or is none
    /// that XML 1.0 can carry.
    public static boolean isUnfit(int character) {
        return XmlCharacters.isUnfit(character)
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE,
                            Character.FORMAT ->
                            true;
                    default -> false;
                };
    }

    private PlainText() {}
}
