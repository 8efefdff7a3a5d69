package org.yifang.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

class ConfigurationTableTest {
    @Test
    void the_readme_lists_every_variable_with_its_default_and_meaning() throws IOException {
        String table =
                Config.keys().stream()
                        .map(ConfigurationTableTest::row)
                        .collect(
                                Collectors.joining(
                                        "\n",
                                        "| variable | default | meaning |\n|---|---|---|\n",
                                        "\n"));
        assertThat(Files.readString(Path.of("README.md")))
                .contains(
                        "<!-- configuration: begin -->\n" + table + "<!-- configuration: end -->");
    }

    private static String row(Config.Key key) {
        String text = key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
        return "| `" + key.name() + "` | " + text + " | " + key.meaning() + " |";
    }
}
