package org.yifang.console.counter;

import static org.yifang.console.frame.Screens.field;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.platform.Caller;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the rest of a part dispensing can go: asked while this pharmacy still holds the
/// prescription, for afterwards it is no longer its business.
final class Rest {
    private static final int LINES_MOST = 200;

    /// Sentences, one a drug; none when nothing is left over or nobody has it.
    static List<String> of(Contract contract, Caller caller, RoutingContext http) {
        Map<String, String> left = left(http);
        if (left.isEmpty()) {
            return List.of();
        }
        JsonNode compared =
                contract.post(
                                caller,
                                "/Task/" + field(http, "task") + "/$compare-prices",
                                new Parameters().json())
                        .json();
        Map<String, Set<String>> found = new LinkedHashMap<>();
        for (JsonNode option : compared.path("parameter")) {
            for (JsonNode line : option.path("part")) {
                JsonNode pharmacy = Parameters.find(line, "pharmacy").path("valueReference");
                String id = Read.id(Parameters.find(line, "line").path("valueReference"));
                boolean own = Read.id(pharmacy).equals(caller.organizationId().toString());
                if (line.path("name").asText().equals("line") && left.containsKey(id) && !own) {
                    found.computeIfAbsent(id, _ -> new LinkedHashSet<>())
                            .add(pharmacy.path("display").asText());
                }
            }
        }
        List<String> told = new ArrayList<>();
        left.forEach((id, name) -> {
            if (found.containsKey(id)) {
                told.add(name + "：" + String.join("、", found.get(id)));
            }
        });
        return told;
    }

    /// The lines of which less is handed out than remains.
    private static Map<String, String> left(RoutingContext http) {
        Map<String, String> left = new LinkedHashMap<>();
        for (int i = 1; i <= LINES_MOST; i++) {
            String name = "line-" + i + "-";
            if (field(http, name + "id").isEmpty()) {
                continue;
            }
            String remaining = field(http, name + "remaining");
            if (isNumber(remaining)
                    && given(field(http, name + "quantity")).compareTo(new BigDecimal(remaining))
                            < 0) {
                left.put(field(http, name + "id"), field(http, name + "title"));
            }
        }
        return left;
    }

    private static BigDecimal given(String text) {
        return isNumber(text) ? new BigDecimal(text) : BigDecimal.ZERO;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}(\\.\\d{1,6})?");
    }

    private Rest() {}
}
