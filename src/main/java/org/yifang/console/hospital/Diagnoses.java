package org.yifang.console.hospital;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// Diagnoses that township clinics write, with their codes, found by name, pinyin initials or code;
/// any other is typed with its code.
public final class Diagnoses {
    private static final List<Diagnosis> ALL = read();

    /// @param initials of its name in pinyin
    public record Diagnosis(String code, String name, String initials) {}

    private static List<Diagnosis> read() {
        try (InputStream in = Diagnoses.class.getResourceAsStream("/pages/diagnoses.csv");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            List<Diagnosis> all = new ArrayList<>();
            lines.lines()
                    .map(line -> line.split(",", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> {
                        String name = parts[1].strip();
                        all.add(new Diagnosis(parts[0].strip(), name, Drugs.initials(name)));
                    });
            return List.copyOf(all);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// What fits, what begins so first.
    public static List<Diagnosis> find(String text, int most) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return Stream.concat(
                        ALL.stream().filter(one -> begins(one, wanted)),
                        ALL.stream()
                                .filter(one -> !begins(one, wanted))
                                .filter(one ->
                                        one.name().contains(wanted)
                                                || one.initials().contains(wanted)))
                .limit(most)
                .toList();
    }

    private static boolean begins(Diagnosis one, String wanted) {
        return one.name().startsWith(wanted)
                || one.initials().startsWith(wanted)
                || one.code().toLowerCase(Locale.ROOT).startsWith(wanted);
    }

    /// The diagnosis that was meant: its name, its code, or initials that only it has.
    static Diagnosis meant(String text) {
        List<Diagnosis> found = find(text, 2);
        return ALL.stream()
                .filter(one -> one.name().equals(text) || one.code().equalsIgnoreCase(text))
                .findFirst()
                .orElseGet(() ->
                        text.matches("[a-z]{2,}") && found.size() == 1
                                ? found.getFirst()
                                : new Diagnosis("", text, ""));
    }

    private Diagnoses() {}
}
