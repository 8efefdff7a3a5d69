package org.yifang.fhir.search;

import java.util.ArrayList;
import java.util.List;

/// Reads the escapes of search values: `\,` `\|` `\$` `\\`.
public final class SearchValues {
    /// Splits at commas that are not escaped; escapes stay.
    public static List<String> split(String text) {
        List<String> values = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',') {
                values.add(text.substring(start, i));
                start = i + 1;
            }
        }
        values.add(text.substring(Math.min(start, text.length())));
        return values;
    }

    /// Where the first bar is that is not escaped, or -1.
    static int bar(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '|') {
                return i;
            }
        }
        return -1;
    }

    /// The value without its escapes.
    static String plain(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(c == '\\' && i + 1 < value.length() ? value.charAt(++i) : c);
        }
        return text.toString();
    }

    /// A value as it is written in a search.
    public static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(",", "\\,")
                .replace("|", "\\|")
                .replace("$", "\\$");
    }

    private SearchValues() {}
}
