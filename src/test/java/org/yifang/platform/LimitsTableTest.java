package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The table of limits for integrators says what the code says.
final class LimitsTableTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([A-Z][A-Z0-9_]+)` \\| ([^|]+) \\| .{10,} \\|");

    @Test
    void every_limit_stands_in_the_table_with_its_value_and_its_reason()
            throws IOException, IllegalAccessException {
        Map<String, String> table = new TreeMap<>();
        String text = Files.readString(Path.of("docs/integrators.md"));
        Matcher rows = ROW.matcher(text.substring(text.indexOf("\n## Limits\n")));
        while (rows.find()) {
            table.put(rows.group(1), rows.group(2));
        }
        Map<String, String> code = new TreeMap<>();
        for (Field field : Limits.class.getFields()) {
            code.put(field.getName(), shown(field.get(null)));
        }
        assertThat(table).isEqualTo(code);
    }

    private static String shown(Object value) {
        if (!(value instanceof Duration time)) {
            return value.toString();
        }
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
