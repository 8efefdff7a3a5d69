package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;

import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.tools.UnreadConstants;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What nothing uses goes: methods that nobody or tests only call, constants that nobody reads,
/// texts of problems that nobody has, templates, scripts and classes of style sheets that no page
/// names.
class DeadThingsTest {
    /// Methods that the product does not call, and why they are there.
    private static final Map<String, Set<String>> MAY =
            Map.of(
                    "a part of the service alone, with what it needs and no more",
                    Set.of(
                            "Service#start",
                            "identity.client.SigningKeys#of",
                            "identity.seal.BlindIndexes#fixed",
                            "identity.signature.TrustAnchors#of",
                            "platform.edge.Edge#standard",
                            "platform.edge.Proxies#of",
                            "price.compare.Basket$Seller#alwaysOpen",
                            "price.index.ItemTable#add",
                            "statistics.KaplanMeier#of"),
                    "a look inside: what waits, what was found, what a number means",
                    Set.of(
                            "audit.event.Event#first",
                            "console.hospital.Diagnoses#size",
                            "fhir.Texts#cause",
                            "fhir.search.Query#all",
                            "platform.config.Config#keys",
                            "platform.edge.ClientTurns#clients",
                            "platform.edge.ClientTurns#waiting",
                            "platform.edge.Turns#waiting",
                            "price.compare.BasketOptimiser$Found#front",
                            "price.compare.BasketPlan#costFen",
                            "price.compare.Swaps#groups",
                            "price.index.ItemTable#lines",
                            "registry.IdentityCard#parse",
                            "registry.OpeningHours#openAt",
                            "registry.Uscc#parse",
                            "simulate.Casebook#drugNames",
                            "statistics.KaplanMeier#standardErrorAt"),
                    "a shorter way to what the service calls",
                    Set.of(
                            "audit.log.Tile#ofLevel",
                            "identity.client.AccessTokens#read",
                            "identity.signature.BundleSignature#verify",
                            "price.offer.HoldRule#judge"),
                    "what an outside party does, in the form that we publish",
                    Set.of("audit.log.NoteSigner#cosign"),
                    "the contract asks for it next: searches, a line that is asked about",
                    Set.of("fhir.search.SearchBy#day", "fhir.search.SearchBy#number"),
                    "a page of the quality of data asks for it next",
                    Set.of("statistics.QueueTheory#little", "statistics.QueueTheory$Little#gap"));

    private static final Set<String> OF_EVERY_OBJECT =
            Set.of("toString", "equals", "hashCode", "values", "valueOf", "main");

    private static final Pattern STYLED = Pattern.compile("\\.([A-Za-z_][\\w-]*)");

    @Test
    void every_method_is_called() {
        JavaClasses classes = OurClasses.read();
        Set<String> uncalled = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!isWritten(type)) {
                for (JavaMethod method : type.getMethods()) {
                    if (isOurs(method) && !isCalled(method)) {
                        String name = type.getName().replace("org.yifang.", "");
                        uncalled.add(name + "#" + method.getName());
                    }
                }
            }
        }
        assertThat(uncalled)
                .containsExactlyInAnyOrderElementsOf(
                        MAY.values().stream().flatMap(Set::stream).toList());
    }

    /// By a generator: tables, and pages out of templates.
    private static boolean isWritten(JavaClass type) {
        return type.getPackageName().startsWith("org.yifang.generated")
                || type.getPackageName().startsWith("org.yifang.console.pages");
    }

    /// Whether only we may call it: not the platform, a library, or a record's own equality.
    private static boolean isOurs(JavaMethod method) {
        JavaClass type = method.getOwner();
        return !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !method.getModifiers().contains(JavaModifier.BRIDGE)
                && !method.getName().startsWith("lambda$")
                && !OF_EVERY_OBJECT.contains(method.getName())
                && !method.isAnnotatedWith("picocli.CommandLine$Command")
                && !isComponent(type, method)
                && others(type).noneMatch(other -> declares(other, method));
    }

    private static boolean isComponent(JavaClass type, JavaMethod method) {
        return type.isRecord()
                && method.getRawParameterTypes().isEmpty()
                && type.tryGetField(method.getName())
                        .map(JavaField::getModifiers)
                        .filter(all -> !all.contains(JavaModifier.STATIC))
                        .isPresent();
    }

    private static Stream<JavaClass> others(JavaClass type) {
        return Stream.concat(
                        type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                .filter(one -> !one.getPackageName().startsWith("org.yifang"));
    }

    /// By name and number: the types of a generic interface are not those of who implements it.
    private static boolean declares(JavaClass other, JavaMethod method) {
        return other.getMethods().stream()
                .anyMatch(one ->
                        one.getName().equals(method.getName())
                                && one.getRawParameterTypes().size()
                                        == method.getRawParameterTypes().size());
    }

    private static boolean isCalled(JavaMethod method) {
        JavaClass type = method.getOwner();
        return Stream.of(
                        Stream.of(type),
                        type.getAllRawSuperclasses().stream(),
                        type.getAllRawInterfaces().stream(),
                        type.getAllSubclasses().stream())
                .flatMap(all -> all)
                .flatMap(one -> one.getMethods().stream())
                .filter(one ->
                        one.getName().equals(method.getName())
                                && one.getRawParameterTypes().size()
                                        == method.getRawParameterTypes().size())
                .anyMatch(one -> !one.getAccessesToSelf().isEmpty());
    }

    /// Constants that the product does not read, and why they are there.
    private static final Map<String, String> UNREAD =
            Map.of(
                    "BlindIndex#BYTES", "how long an index is, which tests ask",
                    "PrescribingLimits#NATIONAL", "what holds where a region sets nothing else",
                    "Terms#DEFAULT", "what holds where an operator sets nothing else");

    @Test
    void every_constant_is_read() throws IOException {
        assertThat(UnreadConstants.in(files("src/main/java", ".java")))
                .containsExactlyInAnyOrderElementsOf(UNREAD.keySet());
    }

    @Test
    void every_text_of_a_problem_belongs_to_one() throws IOException {
        Set<String> codes =
                Arrays.stream(ProblemCode.values())
                        .map(ProblemCode::code)
                        .collect(Collectors.toSet());
        for (String file : List.of("problems.en", "problems.zh-CN", "advice.zh-CN")) {
            Properties texts = new Properties();
            Path path = Path.of("src/main/resources/texts/" + file + ".properties");
            try (var reader =
                    new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8)) {
                texts.load(reader);
            }
            assertThat(texts.stringPropertyNames()).as(file).isEqualTo(codes);
        }
    }

    @Test
    void every_problem_can_happen() {
        JavaClass codes = OurClasses.read().get(ProblemCode.class);
        Set<String> never = new TreeSet<>();
        for (JavaField field : codes.getFields()) {
            boolean isNamed =
                    field.getAccessesToSelf().stream()
                            .anyMatch(one -> !one.getOriginOwner().equals(codes));
            if (field.getRawType().equals(codes) && !isNamed) {
                never.add(field.getName());
            }
        }
        assertThat(never).isEmpty();
    }

    @Test
    void every_class_of_a_style_sheet_is_on_a_page() throws IOException {
        String pages = everything();
        Set<String> unused = new TreeSet<>();
        for (Path sheet : files("src/main/resources/pages", ".css")) {
            String rules =
                    Files.readString(sheet)
                            .replaceAll("url\\([^)]*\\)|\"[^\"]*\"", "")
                            .replaceAll("\\{[^{}]*}", "{}");
            STYLED.matcher(rules)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .filter(name -> !isNamed(name, pages))
                    .forEach(unused::add);
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void every_template_and_every_file_of_pages_is_named() throws IOException {
        String pages = everything();
        Set<String> unused = new HashSet<>();
        for (Path file : files("src/main/jte", ".jte")) {
            String name = Path.of("src/main/jte").relativize(file).toString();
            String tag = "template." + name.replace(".jte", "").replace('/', '.');
            if (!pages.contains('"' + name + '"') && !isNamed(tag, pages)) {
                unused.add(name);
            }
        }
        for (Path file : files("src/main/resources/pages", "")) {
            if (!pages.contains(file.getFileName().toString())) {
                unused.add(file.toString());
            }
        }
        assertThat(unused).isEmpty();
    }

    private static boolean isNamed(String word, String text) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(word) + "(?![\\w-])")
                .matcher(text)
                .find();
    }

    /// All sources, templates and scripts.
    private static String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : files("src/main/java", ".java")) {
            all.append(Files.readString(file)).append('\n');
        }
        for (Path file : files("src/main/jte", ".jte")) {
            all.append(Files.readString(file)).append('\n');
        }
        for (Path file : files("src/main/resources/pages", ".js")) {
            all.append(Files.readString(file)).append('\n');
        }
        return all.toString();
    }

    private static List<Path> files(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(end))
                    .toList();
        }
    }
}
