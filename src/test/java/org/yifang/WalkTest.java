package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

import org.junit.jupiter.api.Test;
import org.yifang.prescription.hospital.PrescriptionRoutes;
import org.yifang.prescription.submit.SubmitDesk;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A walk of a submitted Bundle from its route to its row passes no room twice, as DEVELOPMENT.md
/// says: whoever is called knows nobody who called it, however many classes lie between.
class WalkTest {
    /// The rooms that a Bundle enters one after the other.
    private static final List<String> WAY =
            List.of(
                    "org.yifang.fhir.rest",
                    "org.yifang.prescription.hospital",
                    "org.yifang.prescription.submit");

    /// The rooms that the last one asks, and that return.
    private static final List<String> LIBRARIES =
            List.of(
                    "org.yifang.prescription.paper",
                    "org.yifang.prescription.life",
                    "org.yifang.catalogue",
                    "org.yifang.registry",
                    "org.yifang.identity.seal",
                    "org.yifang.audit.event");

    private final JavaClasses ours = OurClasses.read();

    @Test
    void each_room_hands_on_to_the_next_and_is_not_known_by_it() {
        for (int i = 1; i < WAY.size(); i++) {
            Set<String> reached = reached(WAY.get(i));
            for (String before : WAY.subList(1, i)) {
                assertThat(reached).as(WAY.get(i)).noneMatch(name -> isIn(name, before));
            }
        }
        assertThat(direct(PrescriptionRoutes.class.getName())).contains(SubmitDesk.class.getName());
    }

    @Test
    void what_is_asked_on_the_way_calls_nobody_back() {
        for (String library : LIBRARIES) {
            assertThat(reached(library))
                    .as(library)
                    .noneMatch(name -> isIn(name, WAY.get(1)) || isIn(name, WAY.get(2)));
        }
    }

    @Test
    void a_bundle_enters_by_one_door() {
        Set<String> callers =
                ours.get(SubmitDesk.class).getDirectDependenciesToSelf().stream()
                        .map(Dependency::getOriginClass)
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        // The package itself wires its rooms.
        assertThat(callers).isSubsetOf(WAY.get(1), WAY.get(2), "org.yifang.prescription");
    }

    /// All classes of ours that a room leads to, over any number of others, itself left out.
    private Set<String> reached(String room) {
        Set<String> reached = new TreeSet<>();
        List<JavaClass> next = ours.stream().filter(type -> isIn(type.getName(), room)).toList();
        while (!next.isEmpty()) {
            List<JavaClass> found =
                    next.stream()
                            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                            .map(Dependency::getTargetClass)
                            .filter(type -> type.getName().startsWith("org.yifang."))
                            .filter(type -> !isIn(type.getName(), room))
                            .filter(type -> reached.add(type.getName()))
                            .toList();
            next = found;
        }
        return reached;
    }

    private Set<String> direct(String type) {
        return ours.get(type).getDirectDependenciesFromSelf().stream()
                .map(one -> one.getTargetClass().getName())
                .collect(Collectors.toSet());
    }

    private static boolean isIn(String type, String room) {
        return type.startsWith(room + ".");
    }
}
