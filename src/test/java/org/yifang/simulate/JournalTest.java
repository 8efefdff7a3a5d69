package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class JournalTest {
    @TempDir Path folder;

    @Test
    void appends_what_was_done_and_what_is_tried_one_line_each() throws IOException {
        Path file = folder.resolve("journal");
        try (Journal journal = new Journal(file)) {
            journal.done("submit", "hospital-1", "t1", new JsonObject().put("number", "n1"));
        }
        try (Journal journal = new Journal(file)) {
            journal.trying("dispense", "pharmacy-1", "t1");
            // Readable at once, not only when the journal is closed.
            assertThat(Files.readString(file))
                    .isEqualTo(
                            """
                            {"done":"submit","client":"hospital-1","task":"t1","number":"n1"}
                            {"trying":"dispense","client":"pharmacy-1","task":"t1"}
                            """);
        }
    }

    @Test
    void without_a_file_nothing_is_kept() throws IOException {
        try (Journal journal = new Journal(null)) {
            journal.trying("dispense", "pharmacy-1", "t1");
        }
        assertThat(folder).isEmptyDirectory();
    }
}
