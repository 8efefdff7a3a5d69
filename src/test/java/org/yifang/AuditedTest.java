package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Who says `exchange.audited()` has the answer of the desk that writes the audit event. Said
/// before, a call that the desk throws out of its transaction, such as one on what is not the
/// caller's, is written down by nobody.
class AuditedTest {
    private static final Pattern METHOD =
            Pattern.compile("^ *(?:private|public|static|protected) [^=;]*\\(", Pattern.MULTILINE);

    /// A desk or a transaction that has returned, or what one returned.
    private static final Pattern ANSWERED =
            Pattern.compile(
                    "\\b\\w*[dD]esk\\s*\\.\\w+\\(|inTransaction\\(|transactions\\.run\\("
                            + "|\\w+Desk\\.(?:Outcome|Done) \\w+");

    @Test
    void a_call_counts_as_audited_once_its_desk_has_answered() throws IOException {
        Map<String, String> wrong = new TreeMap<>();
        int count = 0;
        for (Path file : files()) {
            String text = Files.readString(file);
            for (int at = text.indexOf("exchange.audited();");
                    at >= 0;
                    at = text.indexOf("exchange.audited();", at + 1)) {
                count++;
                String before = sinceTheMethodBegan(text.substring(0, at));
                if (!ANSWERED.matcher(before).find()) {
                    wrong.put(file.toString(), before);
                }
            }
        }
        assertThat(count).isGreaterThan(20);
        assertThat(wrong).isEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src/main/java/org/yifang"))) {
            return Stream.concat(
                            Stream.of(Path.of("DEVELOPMENT.md")),
                            all.filter(file -> file.toString().endsWith(".java")))
                    .toList();
        }
    }

    private static String sinceTheMethodBegan(String before) {
        int begin = 0;
        for (Matcher one = METHOD.matcher(before); one.find(); ) {
            begin = one.start();
        }
        return before.substring(begin);
    }
}
