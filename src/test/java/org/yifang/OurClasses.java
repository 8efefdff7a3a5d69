package org.yifang;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;

/// The classes of the product as ArchUnit sees them, read once for all tests: each reading is some
/// hundred megabytes, which are given back when memory is short.
final class OurClasses {
    private static @Nullable SoftReference<JavaClasses> read;

    static synchronized JavaClasses read() {
        JavaClasses known = read == null ? null : read.get();
        if (known == null) {
            known =
                    new ClassFileImporter()
                            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                            .importPackages("org.yifang");
            read = new SoftReference<>(known);
        }
        return known;
    }

    /// The class of the file in which a class is declared.
    static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }

    private OurClasses() {}
}
