package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class PlainTextTest {
    @Test
    void what_can_be_seen_in_one_line_is_plain() {
        assertThat(List.of("", "王医生", "O'Neill, M. D.", "𠮷野家", "Zoë")).allMatch(PlainText::is);
    }

    @Test
    void what_breaks_the_line_or_hides_or_no_xml_can_carry_is_not() {
        assertThat(
                        List.of(
                                "a\nb",
                                "a\tb",
                                "a\u001bb",
                                "a\u0085b",
                                "a\u2028b",
                                "a\u2029b",
                                "a\u202eb",
                                "a\u200bb",
                                "a\ud800b",
                                "a\ufffeb",
                                "a\uffffb"))
                .noneMatch(PlainText::is);
    }

    @Test
    void nobody_else_says_which_characters_hide() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/yifang"))) {
            List<String> others =
                    files.filter(Files::isRegularFile)
                            .filter(PlainTextTest::isSorting)
                            .map(file -> file.getFileName().toString())
                            .toList();
            assertThat(others).containsExactly("PlainText.java");
        }
    }

    private static boolean isSorting(Path file) {
        try {
            return Files.readString(file).contains("Character.LINE_SEPARATOR");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
