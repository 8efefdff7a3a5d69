package org.yifang.tools;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is written from the code stays what the code says, and what pages name exists.
class PagesTest {
    /// A path in backticks: at least one folder and an ending.
    private static final Pattern NAMED =
            Pattern.compile("`((?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]+\\.[a-z]+)`");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");

    @Test
    void the_problem_codes_are_written_from_the_code() throws IOException {
        assertThat(Files.readString(ProblemsPage.FILE))
                .as("run: mvn test-compile exec:exec@pages")
                .isEqualTo(ProblemsPage.text());
        assertThat(Files.readString(ProblemsPage.PAGE))
                .as("run: mvn test-compile exec:exec@pages")
                .isEqualTo(ProblemsPage.page());
    }

    @Test
    void the_operations_of_the_audit_log_are_written_from_the_code() throws IOException {
        assertThat(Files.readString(AuditOperations.FILE))
                .as("run: mvn test-compile exec:exec@pages")
                .isEqualTo(AuditOperations.text());
    }

    @Test
    void the_operations_are_written_from_their_definitions() throws IOException {
        assertThat(Files.readString(OperationsPage.FILE))
                .as("run: mvn test-compile exec:exec@pages")
                .isEqualTo(OperationsPage.text());
    }

    @Test
    void the_snapshots_are_worked_out_from_the_definitions() throws IOException {
        Map<String, String> stand = new TreeMap<>();
        try (Stream<Path> files = Files.list(Snapshots.FOLDER)) {
            for (Path file : files.toList()) {
                stand.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(stand.equals(Snapshots.texts()))
                .as("run: mvn test-compile exec:exec@pages")
                .isTrue();
    }

    @Test
    void every_page_is_linked_from_the_index_and_every_link_leads_somewhere() throws IOException {
        Path docs = Path.of("docs");
        String index = Files.readString(docs.resolve("README.md"));
        try (Stream<Path> pages = Files.list(docs)) {
            assertThat(
                            pages.map(page -> page.getFileName().toString())
                                    .filter(name -> name.endsWith(".md"))
                                    .filter(name -> !name.equals("README.md")))
                    .allMatch(name -> index.contains("](" + name + ")"));
        }
        Matcher link = LINK.matcher(index);
        while (link.find()) {
            assertThat(docs.resolve(link.group(1))).exists();
        }
        assertThat(Files.readString(Path.of("README.md"))).contains("(docs/README.md)");
        assertThat(Files.readString(Path.of("README.zh-CN.md"))).contains("(docs/README.md)");
    }

    @Test
    void every_file_that_developers_are_sent_to_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(Files.readString(Path.of("DEVELOPMENT.md")));
        int found = 0;
        while (named.find()) {
            found++;
            if (!Files.exists(Path.of(named.group(1)))) {
                missing.add(named.group(1));
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(20);
    }
}
