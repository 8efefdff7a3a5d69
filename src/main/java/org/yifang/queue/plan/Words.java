package org.yifang.queue.plan;

import java.util.List;
import java.util.stream.Collectors;

/// The same said in Chinese and in English.
public record Words(String chinese, String english) {
    /// Both, Chinese first, as a report prints them.
    public String both() {
        return chinese + " / " + english;
    }

    /// Several, one after the other.
    public static Words joined(List<Words> parts) {
        return new Words(
                parts.stream().map(Words::chinese).collect(Collectors.joining("；")),
                parts.stream().map(Words::english).collect(Collectors.joining("; ")));
    }
}
