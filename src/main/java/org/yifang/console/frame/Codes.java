package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// The published CodeSystems as lists to choose from, in both languages.
public final class Codes {
    private static final String SYSTEMS = "https://yifang.org/fhir/CodeSystem/";
    private static final Map<String, List<Code>> READ = new ConcurrentHashMap<>();

    /// One code with its words.
    public record Code(String code, String zh, String en) {
        public String text(boolean english) {
            return english ? en : zh;
        }
    }

    /// @param name last part of the CodeSystem's canonical url
    public static List<Code> of(String name) {
        return READ.computeIfAbsent(name, Codes::read);
    }

    /// The words of one code; the code itself when it is unknown.
    public static String text(String name, String code, boolean english) {
        return of(name).stream()
                .filter(one -> one.code().equals(code))
                .findFirst()
                .map(one -> one.text(english))
                .orElse(code);
    }

    /// Why a resource stands as it does, in words; empty when it does not say.
    public static String reason(JsonNode resource, boolean english) {
        JsonNode reason = resource.path("statusReason");
        String text = reason.path("text").asText();
        JsonNode coding = reason.at("/coding/0");
        String system = coding.path("system").asText();
        String code = coding.path("code").asText();
        if (code.isEmpty()) {
            return text;
        }
        String known =
                system.startsWith(SYSTEMS)
                        ? text(system.substring(SYSTEMS.length()), code, english)
                        : code;
        return text.isEmpty() ? known : known + (english ? ": " : "：") + text;
    }

    private static List<Code> read(String name) {
        String file = "/fhir-profiles/terminology/CodeSystem-" + name + ".json";
        try (InputStream in = Codes.class.getResourceAsStream(file)) {
            JsonNode system = new ObjectMapper().readTree(Objects.requireNonNull(in, file));
            List<Code> codes = new ArrayList<>();
            for (JsonNode concept : system.path("concept")) {
                String zh = concept.path("display").asText();
                String en = concept.at("/designation/0/value").asText(zh);
                codes.add(new Code(concept.path("code").asText(), zh, en));
            }
            return List.copyOf(codes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Codes() {}
}
