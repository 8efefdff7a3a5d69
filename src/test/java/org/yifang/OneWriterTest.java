package org.yifang;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;

import org.hl7.fhir.r4.model.Base;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// FHIR has one writer; who else makes some is named here and in ADR 0013, with the reason.
class OneWriterTest {
    private final JavaClasses ours = OurClasses.read();

    /// Answers are written by `FhirWriter` (ADR 0013); HAPI's objects are read and validated. What
    /// `fhir` itself builds of them, errors and the CapabilityStatement, the ADR names.
    @Test
    void nobody_builds_or_changes_the_library_s_resources() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.yifang.fhir..")
                .and(
                        describe(
                                "do not only read",
                                type -> !EMPTY_FOR_ABSENT.contains(type.getFullName())))
                .should()
                .callConstructorWhere(target(owner(PART_OF_A_RESOURCE)))
                .orShould()
                .callMethodWhere(
                        target(owner(PART_OF_A_RESOURCE))
                                .and(target(nameMatching("(set|add|insert|remove)[A-Z].*"))))
                .check(ours);
    }

    /// Read an absent value as an empty one, which they make.
    private static final Set<String> EMPTY_FOR_ABSENT =
            Set.of(
                    "org.yifang.price.offer.OfferFhir",
                    "org.yifang.prescription.submit.OrderReader");

    private static final DescribedPredicate<JavaClass> PART_OF_A_RESOURCE =
            describe(
                    "a resource or a part of one, down to its values",
                    owner -> owner.isAssignableTo(Base.class));

    /// Names that only FHIR has, as members within a text of Java.
    private static final Pattern PASTED =
            Pattern.compile(
                    "\\\\\"(?:resourceType|meta|versionId|lastUpdated|identifier|coding|reference"
                            + "|extension|parameter|entry|fullUrl|signature"
                            + "|value[A-Z]\\w*)\\\\\":");

    /// Who pastes FHIR, and why.
    private static final Map<String, String> PASTING =
            Map.of(
                    "fhir/rest/Bundles", "stands around bytes that are stored",
                    "fhir/rest/Preference", "knows a Parameters by how it begins",
                    "prescription/paper/LineJson", "knows stored extensions by how they begin",
                    "simulate/Cancels", "is a client, which knows the platform only");

    @Test
    void nobody_pastes_fhir() throws IOException {
        Path main = Path.of("src/main/java/org/yifang");
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                if (PASTED.matcher(Files.readString(file)).find()) {
                    found.add(main.relativize(file).toString().replaceFirst("\\.java$", ""));
                }
            }
        }
        assertThat(found).isEqualTo(PASTING.keySet());
    }

    private static final String MADE = "\\s*\\w+\\s*->\\s*\\w+\\s*\\.";

    /// What recurs, written member by member though the writer has a word for it: a concept of
    /// words alone (an address and a name are none, and have a `text`, too), a coding, an
    /// identifier or a quantity with its system, a reference with its words.
    private static final Pattern BY_HAND =
            Pattern.compile(
                    "object\\(\\s*\"(?!address\")\\w+\","
                            + MADE
                            + "string\\(\\s*\"text\""
                            + "|list\\(\\s*\"(?!name\")\\w+\","
                            + MADE
                            + "element\\("
                            + MADE
                            + "string\\(\\s*\"text\""
                            + "|string\\(\\s*\"system\",[^;]*?\\)"
                            + "\\s*\\.string\\(\\s*\"(?:code|value)\""
                            + "|string\\(\\s*\"reference\",[^;]*?\\)"
                            + "\\s*\\.string\\(\\s*\"display\"");

    @Test
    void what_recurs_has_one_word() throws IOException {
        Path main = Path.of("src/main/java/org/yifang");
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(main)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                if (BY_HAND.matcher(Files.readString(file)).find()) {
                    found.add(main.relativize(file).toString());
                }
            }
        }
        assertThat(found).containsExactly("fhir/json/FhirWriter.java");
    }

    /// JSON that is no FHIR, with what it is; it has no `resourceType` and may be Vert.x's. So may
    /// all of `admin` (settings and accounts).
    private static final Map<String, String> NO_FHIR =
            Map.ofEntries(
                    Map.entry("Health", "state of the service"),
                    Map.entry("console.hospital.WritingPage", "what its search suggests"),
                    Map.entry("fhir.GuidePackage", "the index of a package"),
                    Map.entry("audit.log.LogRoutes", "heads and origins of the public log"),
                    Map.entry("export.ExportRoutes", "the manifest of Bulk Data"),
                    Map.entry("identity.client.AuthRoutes", "tokens and SMART configuration"),
                    Map.entry("identity.person.OpenIdDesk", "what a sign-in remembers, sealed"),
                    Map.entry("identity.signature.BundleSigner", "the header of a JWS"),
                    Map.entry("notify.Watcher", "happenings, as server-sent events"),
                    Map.entry("platform.operate.JsonLines", "lines of the service's own log"),
                    Map.entry("queue.live.LiveRoutes", "the boards of waiting rooms"),
                    Map.entry("queue.live.QueueNames", "names on those boards"),
                    Map.entry("registry.Person", "who somebody is, sealed for the database"));

    /// What of these names no other JSON of ours has, put into a tree.
    private static final Pattern PUT =
            Pattern.compile(
                    "put\\w*\\(\\s*\"(?:meta|versionId|lastUpdated|coding|extension|parameter"
                            + "|fullUrl|signature|targetFormat|sigFormat|value[A-Z]\\w*)\"");

    @Test
    void what_is_said_to_be_no_fhir_has_no_member_of_it() throws IOException {
        for (String name : NO_FHIR.keySet()) {
            Path file = Path.of("src/main/java/org/yifang", name.replace('.', '/') + ".java");
            assertThat(PUT.matcher(Files.readString(file)).results().map(MatchResult::group))
                    .as(name)
                    .isEmpty();
        }
    }

    /// Classes that change a document which somebody sent or which is stored, so that all else of
    /// it stays as it was: a writer of ours would lose what it does not know.
    private static final Map<String, String> OF_A_DOCUMENT =
            Map.of(
                    "prescription.counter.HandOut", "says in what was sent who handed it over",
                    "prescription.counter.HandedReader", "keeps of a dispense what is not a column",
                    "prescription.paper.DocumentParts", "cuts a document into its resources",
                    "prescription.life.Reviews", "seals the reviewer in a stored Task",
                    "prescription.life.Warnings", "contains warnings in a Task",
                    "prescription.read.DocumentViews", "gives the document's Patient its id here");

    /// Who asks an operation as a client does. A page sends what a person filled in, also what is
    /// empty or wrong, so that the refusal names it: a writer of ours leaves out what is empty.
    private static final Map<String, String> ASKING =
            Map.of(
                    "console.frame.Parameters", "the parameters of an operation that a page calls",
                    "console.counter.DispenseForm", "what was filled in at the counter",
                    "console.hospital.DocumentWriter", "the document written on the page",
                    "console.bureau.BureauWork", "an Organization as it was read, changed");

    /// As [#OF_A_DOCUMENT], of any resource; ADR 0013 names them.
    private static final Map<String, String> OF_ANY_RESOURCE =
            Map.of(
                    "fhir.Document", "leaves out narratives, which are not judged",
                    "fhir.Excerpt", "leaves out what is too much to judge",
                    "fhir.Subset", "leaves what `_summary` and `_elements` ask for",
                    "fhir.XmlShown", "writes out what XML cannot carry",
                    "fhir.rest.JsonPatch", "changes what a patch names",
                    "fhir.rest.Transactions", "gives entries the ids by which they refer");

    @Test
    void fhir_is_not_answered_as_a_tree() {
        assertThat(
                        ours.stream()
                                .filter(type ->
                                        NOT_ASKED.stream()
                                                .noneMatch(type.getPackageName()::startsWith))
                                .filter(type ->
                                        type.getMethodCallsFromSelf().stream()
                                                .anyMatch(OneWriterTest::buildsTree))
                                .map(type -> type.getName().replaceFirst("\\$.*", ""))
                                .map(name -> name.replace("org.yifang.", ""))
                                .filter(name -> !NO_FHIR.containsKey(name))
                                .filter(name -> !OF_A_DOCUMENT.containsKey(name))
                                .filter(name -> !OF_ANY_RESOURCE.containsKey(name))
                                .filter(name -> !ASKING.containsKey(name)))
                .isEmpty();
    }

    /// `simulate` is a client that knows the platform only.
    private static final List<String> NOT_ASKED =
            List.of("org.yifang.admin", "org.yifang.simulate");

    private static boolean buildsTree(JavaMethodCall call) {
        return TREES.contains(call.getTargetOwner().getSimpleName())
                && call.getName().matches("(put|set|add|with|insert|replace|of).*");
    }

    private static final Set<String> TREES =
            Set.of("ObjectNode", "ArrayNode", "JsonObject", "JsonArray");
}
