package org.yifang.fhir;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sentences with holes, each in two languages: finds the one that a text was made from, and says
/// it in the other language with the same values.
final class Phrases {
    private static final String HOLE = "{}";

    /// Rows of an upload and such lists are told one by one; no text has more sentences than this.
    private static final int SENTENCES_MOST = 8;

    /// @param parts what stands around the holes
    /// @param length of all of it: the longest that fits is meant
    private record Phrase(List<String> parts, String other, int length) {
        @Nullable List<String> values(String text) {
            String first = parts.getFirst();
            String last = parts.getLast();
            if (!text.startsWith(first) || !text.endsWith(last) || text.length() < length) {
                return null;
            }
            List<String> values = new ArrayList<>();
            int at = first.length();
            int end = text.length() - last.length();
            for (String part : parts.subList(1, Math.max(1, parts.size() - 1))) {
                int next = text.indexOf(part, at);
                if (next < 0 || next + part.length() > end) {
                    return null;
                }
                values.add(text.substring(at, next));
                at = next + part.length();
            }
            if (parts.size() > 1) {
                values.add(text.substring(at, end));
            } else if (at != text.length()) {
                return null;
            }
            return values;
        }
    }

    private final List<Phrase> phrases;

    /// Those without holes, which may stand in the hole of another.
    private final Map<String, String> exact = new HashMap<>();

    private Phrases(List<Phrase> phrases) {
        this.phrases = phrases;
        phrases.stream()
                .filter(one -> one.parts().size() == 1)
                .forEach(one -> exact.put(one.parts().getFirst(), one.other()));
    }

    /// Reads a file of lines `one TAB other`, where `{}` is a hole, and `{2}` in the other the
    /// second of them.
    static Phrases read(String name) {
        List<Phrase> phrases = new ArrayList<>();
        try (BufferedReader file = new BufferedReader(Texts.open(name))) {
            for (String line : file.lines().toList()) {
                int tab = line.indexOf('\t');
                List<String> parts = parts(line.substring(0, tab));
                int length = parts.stream().mapToInt(String::length).sum();
                phrases.add(new Phrase(parts, line.substring(tab + 1), length));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Phrases(List.copyOf(phrases));
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int hole = text.indexOf(HOLE); hole >= 0; hole = text.indexOf(HOLE, from)) {
            parts.add(text.substring(from, hole));
            from = hole + HOLE.length();
        }
        parts.add(text.substring(from));
        return List.copyOf(parts);
    }

    /// The text in the other language, or null when one of its sentences is not known.
    @Nullable String said(String text) {
        String whole = one(text);
        if (whole != null) {
            return whole;
        }
        StringBuilder all = new StringBuilder();
        String rest = text;
        for (int sentence = 0; sentence < SENTENCES_MOST; sentence++) {
            int end = rest.indexOf(". ");
            String head = end < 0 ? rest : rest.substring(0, end + 1);
            String said = one(head);
            if (said == null) {
                return null;
            }
            all.append(said);
            if (end < 0) {
                return all.toString();
            }
            rest = rest.substring(end + 2);
        }
        return null;
    }

    private @Nullable String one(String text) {
        Phrase best = null;
        List<String> values = List.of();
        for (Phrase phrase : phrases) {
            if (best == null || phrase.length() > best.length()) {
                List<String> found = phrase.values(text);
                if (found != null) {
                    best = phrase;
                    values = found;
                }
            }
        }
        return best == null
                ? null
                : filled(
                        best.other(),
                        values.stream().map(one -> exact.getOrDefault(one, one)).toList());
    }

    private static String filled(String other, List<String> values) {
        StringBuilder text = new StringBuilder();
        int turn = 0;
        for (int i = 0; i < other.length(); i++) {
            if (other.startsWith(HOLE, i)) {
                text.append(values.get(turn++));
                i++;
            } else if (other.charAt(i) == '{'
                    && i + 2 < other.length()
                    && Character.isDigit(other.charAt(i + 1))
                    && other.charAt(i + 2) == '}') {
                int which = other.charAt(i + 1) - '1';
                text.append(values.get(which));
                turn++;
                i += 2;
            } else {
                text.append(other.charAt(i));
            }
        }
        return text.toString();
    }
}
