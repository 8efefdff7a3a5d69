package org.yifang.tools;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.lang.model.element.Modifier;

/// Finds constants that nothing reads. In the classes nothing is left of who read one whose value
/// the compiler knows, so it is looked for in the sources.
public final class UnreadConstants {
    /// @return each as `Type#NAME`
    public static List<String> in(List<Path> files) throws IOException {
        List<Unit> units = new ArrayList<>();
        ParsedSources.each(
                files,
                (source, _) -> {
                    Unit unit = new Unit();
                    unit.scan(source, null);
                    units.add(unit);
                });
        Set<String> read = new HashSet<>();
        for (Unit unit : units) {
            read.addAll(unit.selected);
            // What is named alone may be what its type inherits or imports.
            for (String type : unit.borrowed) {
                unit.named.forEach(name -> read.add(type + '#' + name));
            }
        }
        return units.stream()
                .flatMap(unit -> unit.constants.stream().filter(one -> !unit.names(one)))
                .filter(one -> !read.contains(one))
                .sorted()
                .toList();
    }

    /// What one file declares and names.
    private static final class Unit extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final List<String> constants = new ArrayList<>();
        private final Set<String> named = new HashSet<>();
        private final Set<String> selected = new HashSet<>();
        private final Set<String> borrowed = new HashSet<>();

        boolean names(String constant) {
            return named.contains(constant.substring(constant.indexOf('#') + 1));
        }

        @Override
        public @Nullable Void visitImport(ImportTree imported, @Nullable Void no) {
            if (imported.isStatic()
                    && imported.getQualifiedIdentifier() instanceof MemberSelectTree all
                    && all.getIdentifier().contentEquals("*")) {
                borrowed.add(simple(all.getExpression()));
            }
            return super.visitImport(imported, null);
        }

        @Override
        public @Nullable Void visitClass(ClassTree declared, @Nullable Void no) {
            if (declared.getExtendsClause() != null) {
                borrowed.add(simple(declared.getExtendsClause()));
            }
            declared.getImplementsClause().forEach(one -> borrowed.add(simple(one)));
            for (Tree member : declared.getMembers()) {
                if (member instanceof VariableTree field
                        && isConstant(field)
                        && !isOfEnum(declared, field)) {
                    constants.add(declared.getSimpleName() + "#" + field.getName());
                }
            }
            return super.visitClass(declared, null);
        }

        /// Those of an enum are read by their number, too.
        private static boolean isOfEnum(ClassTree declared, VariableTree field) {
            return declared.getKind() == Tree.Kind.ENUM
                    && field.getInitializer() instanceof NewClassTree
                    && String.valueOf(field.getType()).equals(declared.getSimpleName().toString());
        }

        private static boolean isConstant(VariableTree field) {
            return field.getModifiers()
                            .getFlags()
                            .containsAll(Set.of(Modifier.STATIC, Modifier.FINAL))
                    && !field.getName().contentEquals("serialVersionUID");
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree name, @Nullable Void no) {
            named.add(name.getName().toString());
            return super.visitIdentifier(name, null);
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void no) {
            selected.add(simple(select.getExpression()) + '#' + select.getIdentifier());
            return super.visitMemberSelect(select, null);
        }

        private static String simple(Tree type) {
            String name = type.toString().replaceAll("<.*", "");
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    private UnreadConstants() {}
}
