package org.yifang.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.DeedWords;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes the codes of CodeSystem `audit-operation` from [DeedWords], which has words for all that
/// the audit log names.
public final class AuditOperations {
    public static final Path FILE =
            Path.of("fhir-profiles/terminology/CodeSystem-audit-operation.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
    }

    /// The whole file: its head as it stands, its codes from the code.
    public static String text() throws IOException {
        String before = Files.readString(FILE);
        Map<String, Bilingual> codes = new TreeMap<>(DeedWords.all());
        codes.keySet().removeIf(AuditOperations::isResourceType);
        return before.substring(0, before.indexOf("  \"count\":"))
                + "  \"count\": "
                + codes.size()
                + ",\n  \"concept\": [\n"
                + codes.entrySet().stream()
                        .map(one -> concept(one.getKey(), one.getValue()))
                        .collect(Collectors.joining(",\n"))
                + "\n  ]\n}\n";
    }

    /// Their names are FHIR's own.
    public static boolean isResourceType(String code) {
        return Character.isUpperCase(code.charAt(0));
    }

    private static String concept(String code, Bilingual words) {
        String english = words.english();
        return """
        {
          "code": %s,
          "display": %s,
          "designation": [
            {
              "language": "en",
              "value": %s
            }
          ]
        }
        """
                .formatted(
                        quoted(code),
                        quoted(words.chinese()),
                        quoted(
                                english.substring(0, 1).toUpperCase(Locale.ROOT)
                                        + english.substring(1)))
                .indent(4)
                .stripTrailing();
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private AuditOperations() {}
}
