package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What [ArchitectureTest] says of rooms holds for imports and for the picture of them, too, and
/// who may be imported is not hidden behind a function.
class DirectionsTest {
    private final JavaClasses ours = OurClasses.read();

    /// Of a constant and of a link nothing is left in the classes that the other tests see.
    @Test
    void an_import_leads_to_what_stands_before_too() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                List<String> own = place(SOURCES.relativize(source.getParent()).toString());
                for (Matcher one = IMPORT.matcher(Files.readString(source)); one.find(); ) {
                    if (isLater(own, place(one.group(1)))) {
                        wrong.add(source + ": " + one.group(1));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static final Path SOURCES = Path.of("src/main/java/org/yifang");

    private static final Pattern IMPORT =
            Pattern.compile(
                    "^import (?:static )?org\\.yifang\\.([a-z.]+)\\.[A-Z]", Pattern.MULTILINE);

    /// Package and room.
    static List<String> place(String name) {
        String[] parts = name.split("[./]");
        return List.of(parts[0], parts.length > 1 ? parts[1] : "");
    }

    static boolean isLater(List<String> own, List<String> other) {
        boolean inside = own.getFirst().equals(other.getFirst());
        List<String> order =
                inside
                        ? ArchitectureTest.ROOMS.getOrDefault(own.getFirst(), List.of(""))
                        : ArchitectureTest.PACKAGES;
        int from = order.indexOf(inside ? own.getLast() : own.getFirst());
        return from >= 0 && order.indexOf(inside ? other.getLast() : other.getFirst()) > from;
    }

    @Test
    void the_picture_shows_these_packages_and_rooms() throws IOException {
        String picture = Files.readString(Path.of("DEVELOPMENT.md"));
        picture =
                picture.substring(picture.indexOf("```mermaid"), picture.indexOf("platform -.->"));
        List<String> drawn = new ArrayList<>();
        Matcher arrow =
                Pattern.compile("(\\w+)\\S* --> ").matcher(picture.replaceAll("\\[\"[^]]*]", ""));
        while (arrow.find()) {
            drawn.add(arrow.group(1));
        }
        Map<String, List<String>> rooms = new TreeMap<>();
        Matcher box = Pattern.compile("(\\w+)\\[\"\\1<br/>([^\"]+)\"]").matcher(picture);
        while (box.find()) {
            rooms.put(
                    box.group(1),
                    Stream.of(box.group(2).split(" · "))
                            .filter(one -> one.matches("\\w+"))
                            .toList());
        }
        assertThat(drawn)
                .isEqualTo(
                        ArchitectureTest.PACKAGES.stream()
                                .filter(name -> !TO_COME.contains(name))
                                .toList());
        // The package itself has no name of its own there, and pages are made from templates.
        Map<String, List<String>> held = new TreeMap<>();
        ArchitectureTest.ROOMS.forEach((name, all) ->
                held.put(
                        name,
                        all.stream()
                                .filter(room -> !room.isEmpty() && !room.equals("pages"))
                                .toList()));
        assertThat(rooms).isEqualTo(held);
    }

    private static final Set<String> TO_COME = Set.of("national");

    /// What takes functions, and why no type of ours stands in their place.
    private static final Map<String, String> TAKES_FUNCTIONS =
            Map.ofEntries(
                    entry("audit.question.AuditQuestionViews$Question", "a question is its rows"),
                    entry("fhir.search.Match", "a search parameter is a condition"),
                    entry("identity.seal.SealingRotation$Sealed", "a column says how it is sealed"),
                    entry("Service", "who starts it shows what the start is about"),
                    entry("platform.Batches", "whatever is sent together"),
                    entry("platform.data.Columns$Column", "a column is named beside its value"),
                    entry("platform.data.SealedColumn", "a column says where it is sealed for"),
                    entry("platform.edge.Calling", "a caller goes as its connection does"),
                    entry("platform.edge.CountedBytes", "whoever takes a body"),
                    entry("platform.edge.RateLimit", "the clock of the machine"),
                    entry("platform.edge.Turns$Work", "whatever takes a processor"),
                    entry("price.compare.Comparison$Question", "who may dispense is a condition"),
                    entry("price.compare.OpenPrescriptions$Found", "who may is a condition"),
                    entry("price.offer.OfferText", "two readers take its records"));

    @Test
    void a_constructor_takes_what_it_works_with_as_what_it_is() {
        assertThat(
                        ours.stream()
                                .filter(type -> !type.isAnonymousClass())
                                .filter(type ->
                                        !type.getPackageName().equals("org.yifang.simulate"))
                                .filter(type ->
                                        type.getConstructors().stream()
                                                .flatMap(made ->
                                                        made.getRawParameterTypes().stream())
                                                .anyMatch(DirectionsTest::isFunction))
                                .map(type -> type.getName().replace("org.yifang.", "")))
                .containsExactlyInAnyOrderElementsOf(TAKES_FUNCTIONS.keySet());
    }

    private static boolean isFunction(JavaClass type) {
        return type.getPackageName().equals("java.util.function")
                || type.isEquivalentTo(Runnable.class)
                || type.isEquivalentTo(Callable.class);
    }
}
