package org.yifang.console.hospital;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Csv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// Diagnoses with their codes, found by name, pinyin initials or code: the county's own list, or a
/// short one of what township clinics write. Any other is typed with its code.
public final class Diagnoses {
    /// What a list file may hold: the national clinical version has 36,000 rows.
    private static final int ROWS_MOST = 100_000;

    private final List<Diagnosis> all;

    /// @param initials of its name in pinyin
    public record Diagnosis(String code, String name, String initials) {}

    private Diagnoses(List<Diagnosis> all) {
        this.all = all;
    }

    /// @param file CSV of UTF-8, code and name in the first two columns, a head or none; null: the
    ///   short list
    /// @throws IllegalArgumentException when it holds no diagnosis, or more than a list does
    public static Diagnoses of(@Nullable Path file) {
        try {
            return new Diagnoses(read(file == null ? own() : Files.readAllBytes(file), file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] own() throws IOException {
        try (InputStream in = Diagnoses.class.getResourceAsStream("/pages/diagnoses.csv")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static List<Diagnosis> read(byte[] bytes, @Nullable Path file) {
        List<Diagnosis> all = new ArrayList<>();
        for (Csv.Row row : Csv.read(bytes, StandardCharsets.UTF_8)) {
            List<String> fields = row.fields();
            String code = fields.getFirst().replace("\ufeff", "").strip();
            // A head, and what is no code, is passed over.
            if (fields.size() >= 2 && code.matches("[A-Z]\\d{2}[\\w.+*†-]*")) {
                String name = fields.get(1).strip();
                all.add(new Diagnosis(code, name, Drugs.initials(name)));
            }
        }
        if (all.isEmpty() || all.size() > ROWS_MOST) {
            throw new IllegalArgumentException(
                    "`%s` holds %d diagnoses; it must hold 1 to %d lines as `I10.x00x002,高血压病`."
                            .formatted(file, all.size(), ROWS_MOST));
        }
        return List.copyOf(all);
    }

    /// How many there are.
    public int size() {
        return all.size();
    }

    /// What fits, what begins so first, the shortest name of those first.
    List<Diagnosis> find(String text, int most) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        List<Diagnosis> first = all.stream().filter(one -> begins(one, wanted)).toList();
        Stream<Diagnosis> sorted =
                wanted.isEmpty()
                        ? first.stream()
                        : first.stream()
                                .sorted(
                                        java.util.Comparator.comparingInt(
                                                one -> one.name().length()));
        return Stream.concat(
                        sorted,
                        first.size() >= most
                                ? Stream.empty()
                                : all.stream()
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

    /// What was typed with its code before it, where one diagnosis is meant: by its name, its code,
    /// or initials that only it has.
    String whole(String typed) {
        String text = typed.strip();
        for (Diagnosis one : all) {
            if (one.name().equals(text) || one.code().equalsIgnoreCase(text)) {
                return one.code() + " " + one.name();
            }
        }
        List<Diagnosis> found = text.matches("[a-z]{2,}") ? find(text, 2) : List.of();
        return found.size() == 1 ? found.getFirst().code() + " " + found.getFirst().name() : text;
    }
}
