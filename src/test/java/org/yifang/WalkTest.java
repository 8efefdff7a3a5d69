package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;

import org.junit.jupiter.api.Test;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inside;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.platform.edge.Edge;
import org.yifang.prescription.Notices;
import org.yifang.prescription.hospital.PrescriptionRoutes;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.review.Waiting;
import org.yifang.prescription.submit.DocumentCheck;
import org.yifang.prescription.submit.SubmitDesk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A walk of a submitted Bundle from its route to its row passes no room twice, as DEVELOPMENT.md
/// says: whoever is called knows nobody who called it, however many classes lie between.
class WalkTest {
    private static final String HOSPITAL = "prescription.hospital";
    private static final String SUBMIT = "prescription.submit";

    /// The rooms that a Bundle enters one after the other.
    private static final List<String> WAY = List.of("platform.edge", "fhir.rest", HOSPITAL, SUBMIT);

    /// The rooms that the last one asks, and that return.
    private static final List<String> LIBRARIES =
            List.of(
                    "fhir",
                    "fhir.validate",
                    "prescription.paper",
                    "prescription.life",
                    "prescription.read",
                    "catalogue",
                    "registry",
                    "identity.client",
                    "identity.seal",
                    "identity.signature",
                    "audit.event");

    /// Who hears of a moment in the same transaction, by an interface of `prescription.life`, and
    /// the room that it is told to.
    private static final Map<String, String> MOMENTS =
            Map.of(
                    Waiting.class.getName(),
                    "queue.intake",
                    Notices.class.getName(),
                    "notify",
                    "org.yifang.prescription.PriceMoments",
                    "price");

    /// Where a call comes into `fhir.rest` and is led on; all else of that room is what its routes
    /// are handed.
    private static final Set<String> DOORS =
            Set.of(
                    "org.yifang.fhir.rest.Server",
                    "org.yifang.fhir.rest.Calls",
                    "org.yifang.fhir.rest.BundleCalls",
                    Inside.class.getName());

    /// What routes may ask of the router: everything else of it lets a call in.
    private static final Set<String> MOUNTING =
            Set.of("mount", "mountBeside", "topics", "readBeside", "base", "requestId");

    private final JavaClasses ours = OurClasses.read();

    @Test
    void each_room_hands_on_to_the_next() {
        assertThat(direct("org.yifang.fhir.rest.Server")).contains(Edge.class.getName());
        assertThat(direct(FhirRouter.class.getName())).contains("org.yifang.fhir.rest.Server");
        assertThat(direct("org.yifang.fhir.rest.Server")).contains("org.yifang.fhir.rest.Calls");
        assertThat(direct(PrescriptionRoutes.class.getName()))
                .contains(FhirRouter.class.getName(), SubmitDesk.class.getName());
        assertThat(direct(SubmitDesk.class.getName()))
                .contains(
                        DocumentCheck.class.getName(),
                        "org.yifang.prescription.submit.SubmitStore",
                        Audit.class.getName(),
                        MomentListener.class.getName());
        assertThat(direct(DocumentCheck.class.getName()))
                .contains(Validation.class.getName(), CanonicalJson.class.getName());
    }

    @Test
    void no_room_of_the_way_is_entered_from_a_later_one() {
        assertThat(reached(of(SUBMIT))).as(SUBMIT).noneMatch(name -> isIn(name, HOSPITAL));
        for (String room : List.of(HOSPITAL, SUBMIT)) {
            goesNotBack(room, of(room));
        }
        // Before a route there is one edge and one server of `fhir`, and only the start opens them.
        assertThat(
                        ours.stream()
                                .filter(type -> !isIn(type.getName(), "platform.edge"))
                                .filter(type -> !isStart(type.getName()))
                                .filter(type ->
                                        type.getAccessesFromSelf().stream()
                                                .filter(call ->
                                                        call.getTargetOwner()
                                                                .isEquivalentTo(Edge.class))
                                                .anyMatch(call ->
                                                        List.of("guard", "mount", "<init>")
                                                                .contains(call.getName()))))
                .isEmpty();
        assertThat(
                        ours.stream()
                                .filter(type -> !isIn(type.getName(), "fhir.rest"))
                                .filter(type -> !isStart(type.getName()))
                                .filter(type -> routerCalls(type).contains("serve")))
                .isEmpty();
    }

    @Test
    void what_is_asked_on_the_way_calls_nobody_back() {
        for (String library : LIBRARIES) {
            Set<JavaClass> room = of(library);
            assertThat(reached(room))
                    .as(library)
                    .noneMatch(name -> isIn(name, HOSPITAL) || isIn(name, SUBMIT));
            goesNotBack(library, room);
        }
    }

    @Test
    void every_room_on_the_way_is_named() throws IOException {
        Set<String> asked =
                of(SUBMIT).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(one -> one.getTargetClass().getPackageName())
                        .filter(name -> name.startsWith("org.yifang."))
                        .map(name -> name.substring("org.yifang.".length()))
                        .filter(name ->
                                !name.startsWith("generated") && !name.startsWith("platform"))
                        .collect(Collectors.toCollection(TreeSet::new));
        asked.removeAll(WAY);
        assertThat(asked).isEqualTo(new TreeSet<>(LIBRARIES));
        String page = Files.readString(Path.of("DEVELOPMENT.md"));
        String told = page.substring(page.indexOf("No room is entered twice"));
        told = told.substring(0, told.indexOf("WalkTest.java"));
        assertThat(told)
                .contains(
                        Stream.of(WAY, LIBRARIES, MOMENTS.values())
                                .flatMap(Collection::stream)
                                .map(room -> '`' + room + '`')
                                .toList());
    }

    @Test
    void who_hears_of_it_goes_on_to_other_rooms_and_does_not_come_back() {
        assertThat(
                        ours.stream()
                                .filter(type -> type.isAssignableTo(MomentListener.class))
                                .filter(type -> !type.isInterface())
                                .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(MOMENTS.keySet());
        MOMENTS.forEach((listener, room) -> {
            assertThat(direct(listener)).as(listener).anyMatch(name -> isIn(name, room));
            Set<String> reached = reached(Set.of(ours.get(listener)));
            assertThat(reached)
                    .as(listener)
                    .noneMatch(name -> isIn(name, HOSPITAL) || isIn(name, SUBMIT))
                    .noneMatch(name -> MOMENTS.containsKey(name) && !name.equals(listener));
        });
    }

    @Test
    void a_bundle_enters_by_one_door() {
        Set<String> callers =
                ours.get(SubmitDesk.class).getDirectDependenciesToSelf().stream()
                        .map(Dependency::getOriginClass)
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        // The package itself wires its rooms.
        assertThat(callers)
                .isSubsetOf(
                        "org.yifang." + HOSPITAL,
                        "org.yifang." + SUBMIT,
                        "org.yifang.prescription");
    }

    /// A room and all that it leads to may mount routes, but opens no door that a call came by.
    private void goesNotBack(String name, Set<JavaClass> room) {
        Set<String> reached = reached(room);
        assertThat(reached).as(name).doesNotContainAnyElementsOf(DOORS);
        Set<JavaClass> all = new HashSet<>(room);
        reached.forEach(type -> all.add(ours.get(type)));
        assertThat(
                        all.stream()
                                .filter(type -> !isIn(type.getName(), "fhir.rest"))
                                .flatMap(type -> routerCalls(type).stream()))
                .as(name)
                .allMatch(MOUNTING::contains);
    }

    private static List<String> routerCalls(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().isEquivalentTo(FhirRouter.class))
                .map(JavaMethodCall::getName)
                .toList();
    }

    private Set<JavaClass> of(String room) {
        return ours.stream()
                .filter(type -> type.getPackageName().equals("org.yifang." + room))
                .collect(Collectors.toSet());
    }

    /// All classes of ours that these lead to, over any number of others. `fhir.rest` is not walked
    /// through: it stands before every domain and leads to none, and inside it all leads to its
    /// doors; which of its classes are used is what counts.
    private Set<String> reached(Set<JavaClass> from) {
        Set<String> reached = new TreeSet<>();
        List<JavaClass> next = new ArrayList<>(from);
        while (!next.isEmpty()) {
            next =
                    next.stream()
                            .filter(type -> !isIn(type.getName(), "fhir.rest"))
                            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                            .map(Dependency::getTargetClass)
                            .filter(type -> type.getName().startsWith("org.yifang."))
                            .filter(type -> !type.isArray() && !from.contains(type))
                            .filter(type -> reached.add(type.getName()))
                            .toList();
        }
        return reached;
    }

    private Set<String> direct(String type) {
        return ours.get(type).getDirectDependenciesFromSelf().stream()
                .map(one -> one.getTargetClass().getName())
                .collect(Collectors.toSet());
    }

    private static boolean isStart(String type) {
        return type.matches("org\\.yifang\\.[A-Z].*");
    }

    private static boolean isIn(String type, String room) {
        return type.startsWith("org.yifang." + room + ".");
    }
}
