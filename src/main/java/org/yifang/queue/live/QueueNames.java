package org.yifang.queue.live;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What people call a queue, of which only a code is told.
final class QueueNames {
    private record Name(String chinese, String english) {}

    private static final Map<String, Name> KNOWN =
            Map.of(
                    "rx-review", new Name("处方审核", "Prescription review"),
                    "rx-dispensing", new Name("处方调配", "Preparing medicine"),
                    "rx-hand-over", new Name("柜台取药", "Handing medicine over"),
                    "visits", new Name("门诊就诊", "Consultations"),
                    "pharmacy-window", new Name("取药窗口", "Pharmacy window"),
                    "counter", new Name("柜台", "Counter"),
                    "hall", new Name("大厅", "Hall"),
                    "registration", new Name("挂号窗口", "Registration"),
                    "consultation", new Name("诊室", "Consultation"),
                    "payment", new Name("缴费窗口", "Payment"));

    private static final Pattern NUMBERED = Pattern.compile("([a-z-]*[a-z])-?(\\d{1,3})");

    /// In both languages, empty for a code that says nothing to us.
    static Optional<JsonObject> of(String code) {
        Name name = KNOWN.get(code);
        Matcher numbered = NUMBERED.matcher(code);
        if (name == null && numbered.matches()) {
            name = numbered(numbered.group(1), numbered.group(2));
        }
        return Optional.ofNullable(name)
                .map(one -> new JsonObject().put("zh-CN", one.chinese()).put("en", one.english()));
    }

    private static @Nullable Name numbered(String code, String number) {
        if (code.equals("window") || code.equals("win") || code.equals("w")) {
            return new Name(number + "号窗口", "Window " + number);
        }
        Name name = KNOWN.get(code);
        return name == null
                ? null
                : new Name(name.chinese + " " + number, name.english + " " + number);
    }

    private QueueNames() {}
}
