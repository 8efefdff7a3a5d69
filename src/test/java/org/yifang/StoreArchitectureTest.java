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

/// Keeps SQL where a name says that it is, and every table in its own room.
class StoreArchitectureTest {
    /// Who writes statements without being called a store, and why.
    private static final Map<String, String> SPEAKERS =
            Map.of(
                    "org.yifang.platform.data.",
                    "is how everybody else speaks SQL",
                    "org.yifang.fhir.search.",
                    "turns any search into SQL, of tables that others name");

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
                    Set.of("org.yifang.price.index.CheckedLinesStore"));

    private final JavaClasses ours = OurClasses.read();

    @Test
    void sql_is_spoken_by_stores_and_views() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : ours) {
            String name = outermost(type);
            boolean may =
                    name.endsWith("Store")
                            || name.endsWith("Views")
                            || SPEAKERS.keySet().stream().anyMatch(name::startsWith)
                            || name.startsWith("org.yifang.generated.");
            if (!may && accessed(type).stream().anyMatch(StoreArchitectureTest::isStatement)) {
                wrong.add(name);
            }
        }
        assertThat(wrong).as("a class that speaks SQL is called …Store or …Views").isEmpty();
    }

    @Test
    void a_table_is_named_by_its_own_room_only() {
        Set<String> wrong = new TreeSet<>();
        Map<String, Set<String>> joined =
                ours.stream()
                        .collect(
                                Collectors.groupingBy(
                                        StoreArchitectureTest::outermost,
                                        Collectors.flatMapping(
                                                type -> tables(type).stream(),
                                                Collectors.toSet())));
        joined.forEach((name, tables) -> {
            for (String table : tables) {
                String owner = owner(table);
                boolean may =
                        name.startsWith("org.yifang.generated.")
                                || owner != null && name.startsWith("org.yifang." + owner + ".")
                                || JOINED.getOrDefault(table, Set.of()).contains(name);
                if (!may) {
                    wrong.add(name + " names " + table + " of " + owner);
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void no_exception_outlives_its_need() {
        JOINED.forEach((table, names) ->
                names.forEach(name ->
                        assertThat(ours.stream().filter(type -> outermost(type).equals(name)))
                                .as(name + " joins " + table)
                                .anyMatch(type -> tables(type).contains(table))));
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

    private static boolean isStatement(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getSimpleName();
        String name = access.getTarget().getName();
        return switch (owner) {
            case "Database" -> name.equals("SQL");
            case "Insert", "Update", "Prepared", "Columns" ->
                    access.getTargetOwner().getPackageName().equals("org.yifang.platform.data");
            case "DSL" -> List.of("select", "using", "query", "execute").contains(name);
            default -> false;
        };
    }

    private static Set<JavaAccess<?>> accessed(JavaClass type) {
        return type.getAccessesFromSelf();
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }
}
