package org.yifang.console.account;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A browser as people know it, out of what it says of itself.
final class Agents {
    /// The more special first: each names the others, too.
    private static final Map<String, String> BROWSERS = new LinkedHashMap<>();

    private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

    static {
        BROWSERS.put("MicroMessenger", "WeChat");
        BROWSERS.put("Edg", "Edge");
        BROWSERS.put("ArkWeb", "ArkWeb");
        BROWSERS.put("Firefox", "Firefox");
        BROWSERS.put("Chrome", "Chrome");
        BROWSERS.put("Safari", "Safari");
        SYSTEMS.put("Windows", "Windows");
        SYSTEMS.put("Android", "Android");
        SYSTEMS.put("iPhone", "iPhone");
        SYSTEMS.put("iPad", "iPad");
        SYSTEMS.put("Mac OS X", "macOS");
        SYSTEMS.put("Linux", "Linux");
    }

    /// `Chrome, Windows`; what is not known is told as it came.
    static String words(String agent) {
        String words =
                Stream.of(BROWSERS, SYSTEMS)
                        .flatMap(names ->
                                names.keySet().stream()
                                        .filter(agent::contains)
                                        .limit(1)
                                        .map(names::get))
                        .collect(Collectors.joining(", "));
        return words.isEmpty() ? agent : words;
    }

    private Agents() {}
}
