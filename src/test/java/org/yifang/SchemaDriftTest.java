package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.tools.GenerateTables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Keeps the committed table classes equal to the migrations.
class SchemaDriftTest {
    @Test
    void the_committed_tables_are_those_of_the_migrations(@TempDir Path fresh) throws Exception {
        GenerateTables.generate(fresh);
        assertThat(files(Path.of("src/main/generated")))
                .as("run: mvn test-compile exec:exec@tables")
                .isEqualTo(files(fresh));
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
