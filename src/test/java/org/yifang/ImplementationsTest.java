package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// An interface stands for several of a kind, be it in a test, or for what its room may not import.
/// Read from the classes themselves: only there is told what a method reference becomes.
class ImplementationsTest {
    private static final String OURS = "org.yifang.";

    /// Those of one implementation, and why each is one.
    private static final Map<String, String> MAY =
            Map.of(
                    "org.yifang.fhir.validate.CoreStructure$Source",
                    "reads a part of a file later, when it is needed",
                    "org.yifang.prescription.counter.DispenseDesk$Dispensed",
                    "a route says how the answer is shown, which is no matter of the desk",
                    "org.yifang.statistics.HodgesLehmann$Counter",
                    "a function of the sample at hand",
                    "org.yifang.statistics.HodgesLehmann$Selection",
                    "a function of the sample at hand");

    private final Map<String, Set<String>> implementations = new TreeMap<>();

    @Test
    void an_interface_hides_not_the_one_thing_that_it_is() throws Exception {
        List<ClassModel> ours = read(App.class);
        ours.stream()
                .filter(ImplementationsTest::isOpenInterface)
                .forEach(one -> implementations.put(name(one), new HashSet<>()));
        List<ClassModel> all = new ArrayList<>(ours);
        all.addAll(read(ImplementationsTest.class));
        for (ClassModel one : all) {
            one.interfaces().forEach(type -> note(name(type.asSymbol()), name(one)));
            one.methods().forEach(method -> method.code().ifPresent(this::lambdas));
        }
        assertThat(implementations.keySet())
                .filteredOn(name -> hides(name, implementations.get(name)))
                .containsExactlyInAnyOrderElementsOf(MAY.keySet());
    }

    private static List<ClassModel> read(Class<?> one) throws IOException, URISyntaxException {
        Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root.resolve("org/yifang"))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(ImplementationsTest::parsed)
                    .toList();
        }
    }

    private static ClassModel parsed(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isOpenInterface(ClassModel type) {
        return type.flags().has(AccessFlag.INTERFACE)
                && type.findAttribute(Attributes.permittedSubclasses()).isEmpty();
    }

    private static String name(ClassModel type) {
        return name(type.thisClass().asSymbol());
    }

    private static String name(ClassDesc type) {
        return type.packageName() + "." + type.displayName();
    }

    private void note(String type, String implementation) {
        Set<String> known = implementations.get(type);
        if (known != null) {
            known.add(implementation);
        }
    }

    /// Notes lambdas and method references: both name the method that is called.
    private void lambdas(CodeModel code) {
        code.forEach(each -> {
            if (each instanceof InvokeDynamicInstruction made) {
                made.bootstrapArgs().stream()
                        .filter(DirectMethodHandleDesc.class::isInstance)
                        .map(DirectMethodHandleDesc.class::cast)
                        .forEach(called ->
                                note(
                                        name(made.typeSymbol().returnType()),
                                        name(called.owner()) + "#" + called.methodName()));
            }
        });
    }

    /// Whether there is but one implementation, which has a name and may be imported. The last
    /// package may import whatever a lambda of the start puts together.
    private static boolean hides(String type, Set<String> all) {
        String one = all.size() == 1 ? all.iterator().next() : "";
        boolean last = room(type).getFirst().equals(ArchitectureTest.PACKAGES.getLast());
        if (last && one.matches("org\\.yifang\\.[A-Z].*")) {
            return true;
        }
        return one.matches("org\\.yifang\\.[a-z]+\\..*")
                && !DirectionsTest.isLater(room(type), room(one));
    }

    private static List<String> room(String type) {
        return DirectionsTest.place(type.substring(OURS.length()).replaceAll("\\.?[A-Z].*", ""));
    }
}
