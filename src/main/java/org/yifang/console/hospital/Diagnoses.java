package org.yifang.console.hospital;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Diagnoses that township clinics write often, with their codes; any other is typed with its code.
public final class Diagnoses {
    private static final Map<String, String> CODES = read();

    private static Map<String, String> read() {
        Map<String, String> codes = new LinkedHashMap<>();
        try (InputStream in = Diagnoses.class.getResourceAsStream("/pages/diagnoses.csv");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(line -> line.split(",", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> codes.put(parts[1].strip(), parts[0].strip()));
            return codes;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The code of a name, empty when it is not among them.
    static String code(String name) {
        return CODES.getOrDefault(name, "");
    }

    /// Names with their codes.
    public static Map<String, String> all() {
        return CODES;
    }

    private Diagnoses() {}
}
