package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodReference;
import com.tngtech.archunit.core.domain.TryCatchBlock;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// `await()` throws what its future failed with, checked or not, and declares nothing: a broken
/// connection is an `IOException`, a late answer a `TimeoutException`. Where such a failure must be
/// met, `catch (RuntimeException)` lets it pass, and what was begun is silent for ever.
class AwaitFailuresTest {
    /// Where it does not matter, and why: what is not caught goes on to who called.
    private static final Map<String, Set<String>> MAY =
            Map.of(
                    "looks for one failure, which the database names, and throws the others on",
                    Set.of(
                            "audit.event.PartitionStore#make",
                            "fhir.rest.Reading#page",
                            "prescription.counter.DispenseDesk#dispense",
                            "prescription.submit.SubmitDesk#submit",
                            "queue.intake.VisitDesk#take"));

    @Test
    void no_failure_of_await_passes_by_who_must_meet_it() {
        JavaClasses classes = OurClasses.read();
        Set<JavaCodeUnit> waiting = waiting(classes, Set.of());
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                for (TryCatchBlock block : unit.getTryCatchBlocks()) {
                    if (catchesTooLittle(block) && waits(block, waiting)) {
                        found.add(type.getName().replace("org.yifang.", "") + "#" + unit.getName());
                    }
                }
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        MAY.values().stream().flatMap(Set::stream).toList());
    }

    /// Nobody called it, so that nobody meets what it lets pass. (`simulate` is a client, which
    /// ends with its process.)
    @Test
    void a_virtual_thread_that_waits_meets_every_failure() {
        JavaClasses classes = OurClasses.read();
        Set<JavaCodeUnit> starting = starting(classes);
        Set<JavaCodeUnit> waiting = waiting(classes, starting);
        Set<String> found = new TreeSet<>();
        for (JavaCodeUnit unit : starting) {
            body(unit)
                    .filter(access -> isAwait(access) || reaches(access, waiting))
                    .filter(access -> !isMet(unit, access))
                    .filter(access -> !isMetWithin(access, waiting))
                    .forEach(access -> found.add(unit.getFullName() + ": " + access.getName()));
        }
        assertThat(starting).hasSizeGreaterThan(15);
        assertThat(found).isEmpty();
    }

    private static Set<JavaCodeUnit> starting(JavaClasses classes) {
        Set<JavaCodeUnit> found = new HashSet<>();
        for (JavaClass type : classes) {
            if (!type.getPackageName().equals("org.yifang.simulate")) {
                type.getCodeUnits().stream().filter(AwaitFailuresTest::starts).forEach(found::add);
            }
        }
        return found;
    }

    private static boolean starts(JavaCodeUnit unit) {
        return unit.getMethodCallsFromSelf().stream()
                .anyMatch(call ->
                        call.getName().equals("startVirtualThread")
                                || (call.getName().equals("start")
                                        && call.getTargetOwner()
                                                .getName()
                                                .startsWith("java.lang.Thread$Builder")));
    }

    /// What a method hands on to be done elsewhere, the thread's body among it.
    private static Stream<JavaAccess<?>> body(JavaCodeUnit unit) {
        return unit.getAccessesFromSelf().stream().filter(AwaitFailuresTest::isElsewhere);
    }

    private static boolean isElsewhere(JavaAccess<?> access) {
        return access.isDeclaredInLambda()
                || (access instanceof JavaMethodReference reference
                        && reference.getTarget().getRawParameterTypes().isEmpty());
    }

    private static boolean isMet(JavaCodeUnit unit, JavaAccess<?> access) {
        return unit.getTryCatchBlocks().stream()
                .filter(block -> !catchesLess(block))
                .anyMatch(block -> block.getAccessesContainedInTryBlock().contains(access));
    }

    /// Whether the method that is called meets what it waits for itself.
    private static boolean isMetWithin(JavaAccess<?> access, Set<JavaCodeUnit> waiting) {
        if (!(access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target)) {
            return false;
        }
        return target.resolveMember()
                .filter(unit ->
                        unit.getAccessesFromSelf().stream()
                                .filter(one -> isAwait(one) || reaches(one, waiting))
                                .allMatch(one -> isMet(unit, one)))
                .isPresent();
    }

    private static boolean catchesLess(TryCatchBlock block) {
        return block.getCaughtThrowables().stream()
                .noneMatch(one ->
                        one.getName().equals(Exception.class.getName())
                                || one.getName().equals(Throwable.class.getName()));
    }

    private static boolean catchesTooLittle(TryCatchBlock block) {
        Set<String> caught = new HashSet<>();
        block.getCaughtThrowables().forEach(one -> caught.add(one.getName()));
        return caught.contains(RuntimeException.class.getName())
                && !caught.contains(Exception.class.getName())
                && !caught.contains(Throwable.class.getName());
    }

    private static boolean waits(TryCatchBlock block, Set<JavaCodeUnit> waiting) {
        return block.getAccessesContainedInTryBlock().stream()
                .anyMatch(access -> isAwait(access) || reaches(access, waiting));
    }

    private static boolean isAwait(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals("io.vertx.core.Future")
                && access.getName().equals("await");
    }

    private static boolean reaches(JavaAccess<?> access, Set<JavaCodeUnit> waiting) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && target.resolveMember().filter(waiting::contains).isPresent();
    }

    /// Everything of ours that comes to wait, itself or by what it calls.
    ///
    /// @param starting what has others wait for it
    private static Set<JavaCodeUnit> waiting(JavaClasses classes, Set<JavaCodeUnit> starting) {
        Set<JavaCodeUnit> found = new HashSet<>();
        Deque<JavaCodeUnit> next = new ArrayDeque<>();
        for (JavaClass type : classes) {
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                if (unit.getAccessesFromSelf().stream().anyMatch(AwaitFailuresTest::isAwait)) {
                    next.add(unit);
                }
            }
        }
        while (!next.isEmpty()) {
            JavaCodeUnit unit = next.remove();
            if (found.add(unit)) {
                unit.getAccessesToSelf().stream()
                        .filter(access ->
                                !isElsewhere(access) || !starting.contains(access.getOrigin()))
                        .forEach(access -> next.add(access.getOrigin()));
                if (unit instanceof JavaMethod method) {
                    next.addAll(declared(method));
                }
            }
        }
        return found;
    }

    /// What this method is called as where only an interface is known.
    private static Set<JavaCodeUnit> declared(JavaMethod method) {
        Set<JavaCodeUnit> all = new HashSet<>();
        for (JavaClass type : method.getOwner().getAllRawInterfaces()) {
            type.tryGetMethod(
                            method.getName(),
                            method.getRawParameterTypes().stream()
                                    .map(JavaClass::getName)
                                    .toArray(String[]::new))
                    .ifPresent(all::add);
        }
        return all;
    }
}
