package org.yifang;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// Keeps the rooms of the house apart.
class ArchitectureTest {
    /// Each may use only what stands before it.
    static final List<String> PACKAGES =
            List.of(
                    "platform",
                    "statistics",
                    "fhir",
                    "export",
                    "audit",
                    "identity",
                    "notify",
                    "registry",
                    "catalogue",
                    "queue",
                    "price",
                    "prescription",
                    "national",
                    "admin",
                    "console");

    /// Inside a package, too, a room uses only what stands before it; "" is the package itself.
    static final Map<String, List<String>> ROOMS =
            Map.of(
                    "console",
                    List.of(
                            "frame",
                            "account",
                            "counter",
                            "review",
                            "hospital",
                            "patient",
                            "bureau",
                            "auditor",
                            "operator",
                            "screen",
                            "",
                            "pages"),
                    "prescription",
                    List.of(
                            "paper",
                            "life",
                            "read",
                            "submit",
                            "review",
                            "counter",
                            "hospital",
                            "slip",
                            "export",
                            ""),
                    "fhir",
                    List.of("json", "", "validate", "search", "rest"),
                    "queue",
                    List.of(
                            "ticket",
                            "live",
                            "intake",
                            "quality",
                            "history",
                            "plan",
                            "evaluate",
                            ""),
                    "price",
                    List.of("offer", "compare", "sale", "index", "board", "feed", ""),
                    "audit",
                    List.of("event", "log", "verify", "question", ""),
                    "identity",
                    List.of("seal", "signature", "client", "person", ""),
                    "notify",
                    List.of("", "subscription", "deliver"),
                    "platform",
                    List.of("problem", "", "config", "operate", "data", "edge"));

    private final JavaClasses ours = OurClasses.read();

    @Test
    void a_package_uses_only_what_stands_before_it() {
        for (int i = 0; i < PACKAGES.size(); i++) {
            String[] later =
                    PACKAGES.subList(i + 1, PACKAGES.size()).stream()
                            .map(name -> "org.yifang." + name + "..")
                            .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage("org.yifang." + PACKAGES.get(i) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .allowEmptyShould(true)
                        .check(ours);
            }
        }
    }

    @Test
    void a_room_uses_only_what_stands_before_it() {
        ROOMS.forEach((name, rooms) -> {
            for (int i = 0; i < rooms.size(); i++) {
                String[] later =
                        rooms.subList(i + 1, rooms.size()).stream()
                                .map(room -> inPackage(name, room))
                                .toArray(String[]::new);
                if (later.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage(inPackage(name, rooms.get(i)))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(later)
                            .allowEmptyShould(true)
                            .check(ours);
                }
            }
        });
    }

    @Test
    void every_room_is_drawn() {
        assertThat(
                        ours.stream()
                                .map(type -> type.getPackageName().split("\\."))
                                .filter(name -> name.length > 2 && !name[2].equals("generated"))
                                .filter(name ->
                                        name.length > 3
                                                || ROOMS.getOrDefault(name[2], List.of()).size()
                                                        > 0)
                                .filter(name ->
                                        !ROOMS.getOrDefault(name[2], List.of())
                                                .contains(name.length > 3 ? name[3] : ""))
                                .map(name -> String.join(".", name)))
                .isEmpty();
    }

    private static String inPackage(String name, String room) {
        return "org.yifang." + name + (room.isEmpty() ? "" : "." + room + "..");
    }

    @Test
    void packages_make_no_circles() {
        slices().matching("org.yifang.(*)..").should().beFreeOfCycles().check(ours);
    }

    @Test
    void the_county_s_day_knows_nothing_of_the_server() {
        noClasses()
                .that()
                .resideInAPackage("org.yifang.simulate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        PACKAGES.stream()
                                .filter(name -> !name.equals("platform"))
                                .map(name -> "org.yifang." + name + "..")
                                .toArray(String[]::new))
                .check(ours);
    }

    @Test
    void only_the_program_s_start_reads_the_environment() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.yifang.App")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(ours);
    }

    @Test
    void nobody_asks_the_machine_for_the_time_where_a_rule_decides() {
        noClasses()
                .that()
                .resideInAnyPackage("org.yifang.prescription..", "org.yifang.registry..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(ours);
    }

    @Test
    void nothing_speaks_jdbc_but_the_start() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.yifang.platform..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql..")
                .check(ours);
    }

    @Test
    void nobody_but_the_platform_knows_the_driver_s_failures() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.yifang.platform..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.pgclient.PgException")
                .check(ours);
    }

    /// With what is declared inside them, whatever it is called.
    @Test
    void a_rule_knows_no_fhir_library() {
        noClasses()
                .that(
                        describe(
                                "are rules or declared in them",
                                type -> OurClasses.outermost(type).endsWith("Rules")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ca.uhn..", "org.hl7..")
                .check(ours);
    }

    @Test
    void nothing_waits_for_a_semaphore() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.yifang.simulate..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Semaphore")
                .check(ours);
    }
}
