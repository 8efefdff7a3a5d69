package org.yifang.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Nothing by which the log is checked escapes the check of the checks.
class SchemaViewsTest {
    private static final Pattern DEFINES =
            Pattern.compile("^CREATE (OR REPLACE )?(VIEW|FUNCTION) audit_", Pattern.MULTILINE);
    private static final Pattern TRIGGER =
            Pattern.compile("^CREATE (?:CONSTRAINT )?TRIGGER (\\w+)", Pattern.MULTILINE);

    private static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("sql"))) {
            return files.sorted().toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void every_migration_that_defines_one_is_compared() throws IOException {
        assertThat(
                        migrations().stream()
                                .filter(file -> DEFINES.matcher(read(file)).find())
                                .map(file -> file.getFileName().toString()))
                .isSubsetOf(SchemaViews.MIGRATIONS);
    }

    @Test
    void every_trigger_that_guards_is_looked_for() throws IOException {
        assertThat(
                        migrations().stream()
                                .flatMap(file -> TRIGGER.matcher(read(file)).results())
                                .map(found -> found.group(1))
                                .filter(name ->
                                        name.matches(".*_append_only|audit_.*|.*_transition"))
                                .collect(Collectors.toSet()))
                .isSubsetOf(Triggers.OF_MIGRATIONS);
    }
}
