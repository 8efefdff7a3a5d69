package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Keeps SQL where a name says that it is, and every table in its own room.
class StoreArchitectureTest {
    /// Who writes statements without being called a store, and why.
    private static final Map<String, String> SPEAKERS =
            Map.of(
                    "org.yifang.platform.data.",
                    "is how everybody else speaks SQL",
                    "org.yifang.fhir.search.",
                    "turns any search into SQL, of tables that others name",
                    "org.yifang.fhir.SqlCaller",
                    "is the caller as those statements compare columns with",
                    "org.yifang.prescription.life.Unsealing",
                    "opens what rows hold sealed, and names their columns only to read them");

    private static final String GENERATED = "org.yifang.generated.";

    /// The package that a table belongs to, by the beginning of its name; the longest one holds.
    private static final Map<String, String> OWNERS =
            Map.ofEntries(
                    Map.entry("ACCOUNT", "identity"),
                    Map.entry("ADMIN_", "admin"),
                    Map.entry("AUDIT_", "audit"),
                    Map.entry("AUDIT_EXPORT", "export"),
                    Map.entry("BLIND_", "identity"),
                    Map.entry("CATALOGUE_", "catalogue"),
                    Map.entry("CLIENT", "identity"),
                    Map.entry("CLINICAL_", "prescription"),
                    Map.entry("CONSENT", "registry"),
                    Map.entry("DISPENSE", "prescription"),
                    Map.entry("DRUG", "catalogue"),
                    Map.entry("IDEMPOTENCY_", "prescription"),
                    Map.entry("KEPT_", "identity"),
                    Map.entry("LEGAL_HOLD", "prescription"),
                    Map.entry("LOCATION", "registry"),
                    Map.entry("LOGIN_", "identity"),
                    Map.entry("MASTER_KEY", "identity"),
                    Map.entry("MEASURE_", "queue"),
                    Map.entry("OFFER", "price"),
                    Map.entry("ORGANIZATION", "registry"),
                    Map.entry("OUTBOX", "notify"),
                    Map.entry("PATIENT", "registry"),
                    Map.entry("PATIENT_ASSERTED", "identity"),
                    Map.entry("PRACTITIONER", "registry"),
                    Map.entry("PRESCRIPTION", "prescription"),
                    Map.entry("PRICE_", "price"),
                    Map.entry("QUEUE", "queue"),
                    Map.entry("RESALE_", "prescription"),
                    Map.entry("SALE", "price"),
                    Map.entry("SETUP_", "admin"),
                    Map.entry("SIGNING_", "identity"),
                    Map.entry("SLIP_", "identity"),
                    Map.entry("STOCK_", "price"),
                    Map.entry("SUBSCRIPTION", "notify"),
                    Map.entry("SWAP_", "price"),
                    Map.entry("TAKE_BACK", "prescription"),
                    Map.entry("TOKEN_", "identity"),
                    Map.entry("TRACE_CODE", "prescription"),
                    Map.entry("UNMASKING", "registry"),
                    Map.entry("WRONG_PICKUP_", "prescription"));

    /// Who names a table of another room, and why: each joins it in one question that would else be
    /// thousands.
    private static final Map<String, Set<String>> JOINED =
            Map.of(
                    "PATIENT",
                    Set.of(
                            "org.yifang.audit.verify.ReconciliationViews",
                            "org.yifang.prescription.life.PickupIndexStore",
                            "org.yifang.prescription.life.PrescriptionViews",
                            "org.yifang.prescription.life.Unsealing",
                            "org.yifang.prescription.read.DocumentViews",
                            "org.yifang.prescription.read.ErasureViews",
                            "org.yifang.prescription.read.LineResourceViews",
                            "org.yifang.prescription.read.PatientViews",
                            "org.yifang.prescription.read.PrescriptionResourceViews"),
                    "CONSENT",
                    Set.of("org.yifang.prescription.read.PatientViews"),
                    "DRUG",
                    Set.of(
                            "org.yifang.price.compare.SaleReleaseStore",
                            "org.yifang.price.index.CheckedLinesStore"),
                    "ORGANIZATION",
                    Set.of("org.yifang.price.index.CheckedLinesStore"),
                    "AUDIT_LOG",
                    Set.of("org.yifang.export.ExportStore"));

    /// Tables that more than one room writes, the one they belong to first, and why.
    private static final Map<String, List<String>> WRITTEN =
            Map.of(
                    // A document makes it; what happens to it afterwards changes it.
                    "PRESCRIPTION",
                    List.of("prescription.life", "prescription.submit"),
                    "PRESCRIPTION_LINE",
                    List.of("prescription.life", "prescription.submit"),
                    // A counter sells of a pack; what is taken back of it goes with its dispense.
                    "TRACE_CODE",
                    List.of("prescription.life", "prescription.counter"),
                    "DISPENSE_TRACE_CODE",
                    List.of("prescription.life", "prescription.counter"));

    /// Who names a table that a later room writes: reading stands before `submit`, which keeps what
    /// a document brings for it.
    private static final Map<String, Set<String>> READ_BEFORE =
            Map.of(
                    "CLINICAL_RESOURCE",
                    Set.of(
                            "org.yifang.prescription.life.Unsealing",
                            "org.yifang.prescription.read.DocumentViews",
                            "org.yifang.prescription.read.LineResourceViews"),
                    "PRESCRIPTION_LINE_EVENT",
                    Set.of("org.yifang.prescription.read.LineResourceViews"));

    private final JavaClasses ours = OurClasses.read();
    private final List<TableUses> uses = TableUses.read();

    @Test
    void sql_is_spoken_by_stores_and_views() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : ours) {
            String name = OurClasses.outermost(type);
            if (!maySpeak(name)
                    && type.getDirectDependenciesFromSelf().stream()
                            .anyMatch(one -> isOfSql(one.getTargetClass().getName()))) {
                wrong.add(name);
            }
        }
        assertThat(wrong)
                .as("what knows jOOQ or a table of ours is called …Store or …Views")
                .isEmpty();
    }

    private static boolean maySpeak(String name) {
        return name.endsWith("Store")
                || name.endsWith("Views")
                || SPEAKERS.keySet().stream().anyMatch(name::startsWith)
                || name.startsWith(GENERATED);
    }

    /// jOOQ, the tables made from the migrations, and what writes statements for both.
    private static boolean isOfSql(String type) {
        return type.startsWith("org.jooq.")
                || type.startsWith(GENERATED)
                || type.matches(
                        "org\\.yifang\\.platform\\.data\\.(Insert|Update|Prepared|Columns)\\b.*");
    }

    @Test
    void a_table_is_named_by_its_own_room_only() {
        Set<String> wrong = new TreeSet<>();
        named().forEach((name, tables) -> {
            for (String table : tables) {
                String owner = owner(table);
                boolean may =
                        name.startsWith(GENERATED)
                                || owner != null && name.startsWith("org.yifang." + owner + ".")
                                || JOINED.getOrDefault(table, Set.of()).contains(name);
                if (!may) {
                    wrong.add(name + " names " + table + " of " + owner);
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    /// The tables that each class names, in jOOQ's words or in a text.
    private Map<String, Set<String>> named() {
        Map<String, Set<String>> named =
                ours.stream()
                        .collect(
                                Collectors.groupingBy(
                                        OurClasses::outermost,
                                        Collectors.flatMapping(
                                                type -> tables(type).stream(),
                                                Collectors.<String, Set<String>>toCollection(
                                                        TreeSet::new))));
        for (TableUses one : uses) {
            named.computeIfAbsent(one.type(), _ -> new TreeSet<>()).addAll(one.inTexts());
        }
        return named;
    }

    @Test
    void no_exception_outlives_its_need() {
        Stream.of(JOINED, READ_BEFORE)
                .flatMap(all -> all.entrySet().stream())
                .forEach(one ->
                        assertThat(one.getValue())
                                .as(one.getKey())
                                .allMatch(name -> isNamedBy(name, one.getKey())));
    }

    private boolean isNamedBy(String name, String table) {
        return named().getOrDefault(name, Set.of()).contains(table);
    }

    @Test
    void what_is_looked_for_would_be_found() {
        TableUses found =
                TableUses.of(
                        "org.yifang.Any",
                        """
                        Insert.<One>into(SALE).set(SALE.ID, One::id);
                        var offers = OFFER.as("offers");
                        SQL.update(offers).set(offers.VERSION, 2L);
                        SQL.query("LOCK TABLE audit_leaf, audit_log IN SHARE MODE");
                        SQL.query("delete" + " from drug where " + "x in (select 1 from client)");
                        char mark = '"';
                        SQL.query(\"""
                                INSERT INTO outbox (topic) SELECT 'of "nobody"'
                                FROM queue_ticket JOIN consent ON true
                                \""" + "");
                        """);
        assertThat(found.written()).containsExactlyInAnyOrder("SALE", "OFFER", "DRUG", "OUTBOX");
        assertThat(found.inTexts())
                .containsExactlyInAnyOrder(
                        "AUDIT_LEAF",
                        "AUDIT_LOG",
                        "DRUG",
                        "CLIENT",
                        "OUTBOX",
                        "QUEUE_TICKET",
                        "CONSENT");
    }

    @Test
    void a_table_is_written_by_one_room() {
        Map<String, Set<String>> writers = writers();
        assertThat(writers).hasSizeGreaterThan(80);
        writers.forEach((table, rooms) ->
                assertThat(rooms)
                        .as(table)
                        .isEqualTo(Set.copyOf(WRITTEN.getOrDefault(table, List.copyOf(rooms))))
                        .satisfiesAnyOf(
                                of -> assertThat(of).hasSize(1),
                                of -> assertThat(WRITTEN).containsKey(table)));
    }

    @Test
    void a_room_names_no_table_of_a_later_room() {
        Map<String, Set<String>> writers = writers();
        Set<String> wrong = new TreeSet<>();
        named().forEach((name, tables) -> {
            String room = room(name);
            for (String table : tables) {
                Set<String> rooms = writers.getOrDefault(table, Set.of());
                if (!rooms.isEmpty()) {
                    String owner = WRITTEN.getOrDefault(table, List.copyOf(rooms)).getFirst();
                    if (isBefore(room, owner)
                            && !READ_BEFORE.getOrDefault(table, Set.of()).contains(name)) {
                        wrong.add(name + " names " + table + " of " + owner);
                    }
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    /// Whether a room stands before another of the same package.
    private static boolean isBefore(String room, String other) {
        String name = room.split("\\.")[0];
        List<String> rooms = ArchitectureTest.ROOMS.get(name);
        return rooms != null
                && name.equals(other.split("\\.")[0])
                && rooms.indexOf(inside(room)) < rooms.indexOf(inside(other));
    }

    private static String inside(String room) {
        return room.contains(".") ? room.substring(room.indexOf('.') + 1) : "";
    }

    /// The room of a class, `prescription.life`.
    private static String room(String type) {
        String name = type.substring("org.yifang.".length());
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
    }

    private Map<String, Set<String>> writers() {
        return uses.stream()
                .flatMap(one ->
                        one.written().stream().map(table -> Map.entry(table, room(one.type()))))
                .collect(
                        Collectors.groupingBy(
                                Map.Entry::getKey,
                                Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
    }

    private static @Nullable String owner(String table) {
        return OWNERS.entrySet().stream()
                .filter(one -> table.startsWith(one.getKey()))
                .max(Comparator.comparingInt(one -> one.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /// The tables of ours that a class names, whatever it takes of them.
    private static Set<String> tables(JavaClass type) {
        return accessed(type).stream()
                .filter(one -> one.getTargetOwner().getName().equals("org.yifang.generated.Tables"))
                .map(one -> one.getTarget().getName())
                .collect(Collectors.toSet());
    }

    private static Set<JavaAccess<?>> accessed(JavaClass type) {
        return type.getAccessesFromSelf();
    }
}
