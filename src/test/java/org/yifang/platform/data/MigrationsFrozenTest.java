package org.yifang.platform.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// A migration that ran anywhere is never edited: its checksum stands in `migrations.sha256`.
///
/// V017 was edited once, before the first release and after it had run on our own machines; a
/// database of that day is refused at the start and has to be made anew. This test is why that
/// cannot happen again.
class MigrationsFrozenTest {
    private static final Path FOLDER = Path.of("sql");
    private static final Path FROZEN = Path.of("src/test/resources/migrations.sha256");

    private static Map<String, String> frozen() throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FROZEN)) {
            String[] words = line.split("  ", 2);
            sums.put(words[1], words[0]);
        }
        return sums;
    }

    private static Map<String, String> present() throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                sums.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
            }
        }
        return sums;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException none) {
            throw new IllegalStateException(none);
        }
    }

    @Test
    void no_migration_differs_from_what_it_was_when_it_was_frozen() throws IOException {
        Map<String, String> present = present();
        frozen().forEach((name, sum) ->
                assertThat(present)
                        .as("`sql/%s` is frozen: write a new migration instead", name)
                        .containsEntry(name, sum));
    }

    @Test
    void every_migration_is_frozen() throws IOException {
        Map<String, String> missing = present();
        missing.keySet().removeAll(frozen().keySet());
        assertThat(missing)
                .as("once it is right, add it: `cd sql && sha256sum * > ../%s`", FROZEN)
                .isEmpty();
    }
}
