package org.yifang.tools;

import org.yifang.fhir.Texts;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Writes the codes of CodeSystem `problem` from [ProblemCode] and its texts.
public final class ProblemsPage {
    public static final Path FILE = Path.of("fhir-profiles/terminology/CodeSystem-problem.json");

    public static void main(String[] none) throws IOException {
        Files.writeString(FILE, text());
    }

    /// The whole file: its head as it stands, its codes from the code.
    public static String text() throws IOException {
        String before = Files.readString(FILE);
        String head = before.substring(0, before.indexOf("  \"count\":"));
        ProblemCode[] codes = ProblemCode.values();
        return head
                + "  \"count\": "
                + codes.length
                + ",\n  \"concept\": [\n"
                + Arrays.stream(codes).map(ProblemsPage::concept).collect(Collectors.joining(",\n"))
                + "\n  ]\n}\n";
    }

    private static String concept(ProblemCode code) {
        return """
        {
          "code": "%s",
          "display": "%s",
          "definition": "HTTP %d",
          "designation": [
            {
              "language": "en",
              "value": "%s"
            }
          ]
        }\
        """
                .formatted(
                        code.code(),
                        label(Texts.of(code, "zh-CN")),
                        code.status(),
                        label(Texts.of(code, "en")))
                .indent(4)
                .stripTrailing();
    }

    /// A sentence as a label: without its full stop, and safe inside a JSON string.
    private static String label(String sentence) {
        return sentence.replaceAll("[。.]$", "").replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private ProblemsPage() {}
}
