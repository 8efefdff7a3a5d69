package org.yifang.platform.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads one variable after the other and collects the faults.
class Settings {
    final Map<String, String> environment;
    final List<String> faults = new ArrayList<>();

    Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    String text(String name) {
        String value = environment.getOrDefault(name, "").strip();
        if (!value.isEmpty()) {
            return value;
        }
        return ConfigKeys.ALL.stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow()
                .defaultText();
    }

    <T> T parsed(String name, T fallback, String wanted, Function<String, @Nullable T> parse) {
        String value = text(name);
        T parsed = null;
        try {
            parsed = parse.apply(value);
        } catch (IllegalArgumentException ignored) {
            // Told below, in our own words.
        }
        if (parsed == null) {
            faults.add(name + " is `" + value + "`; it must be " + wanted + ".");
            return fallback;
        }
        return parsed;
    }

    int number(String name, int least, int most) {
        return parsed(
                name,
                least,
                "a whole number from " + least + " to " + most,
                text -> {
                    int number = Integer.parseInt(text);
                    return number < least || number > most ? null : number;
                });
    }

    Duration minutes(String name, int most) {
        return Duration.ofMinutes(number(name, 1, most));
    }

    @Nullable LocalDate date(String name) {
        return text(name).isEmpty()
                ? null
                : parsed(
                        name,
                        LocalDate.EPOCH,
                        "a date as `2026-01-01`, or empty",
                        text -> {
                            try {
                                return LocalDate.parse(text);
                            } catch (DateTimeParseException none) {
                                return null;
                            }
                        });
    }

    boolean flag(String name) {
        return parsed(
                name,
                false,
                "`true` or `false`",
                text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> null;
                        });
    }

    List<String> list(String name) {
        return java.util.Arrays.stream(text(name).split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    @Nullable Path path(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return null;
        }
        Path path = Path.of(value);
        if (!java.nio.file.Files.isReadable(path)) {
            faults.add(name + " is `" + value + "`; it must be a file that can be read.");
        }
        return path;
    }

    /// What stands in the environment itself, without the default.
    @Nullable String set(String name) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    /// A mistyped name would otherwise leave its default in force without a word.
    void unknown() {
        for (String name : new TreeSet<>(environment.keySet())) {
            // Those of the terminal may stand in the same environment.
            if (name.startsWith("YIFANG_")
                    && !name.startsWith("YIFANG_ADMIN_")
                    && ConfigKeys.ALL.stream().noneMatch(key -> key.name().equals(name))) {
                faults.add(name + " is no configuration key; see the README for those.");
            }
        }
    }
}
