package org.yifang.tools;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the switches over an enum that would not tell of a new constant: those with a `default`,
/// those that are statements, of which the compiler asks nothing, and those over its codes as
/// texts. Finds, too, who listens and has no switch that would tell of it.
public final class ForgetfulSwitches {
    /// @param constants all of the enum
    /// @param codes its constants as texts
    /// @return each with its place
    public static List<String> over(Set<String> constants, Set<String> codes, List<Path> files)
            throws IOException {
        List<String> found = new ArrayList<>();
        ParsedSources.each(
                files,
                (unit, positions) ->
                        new Scanner(unit, positions, constants, codes, found).scan(unit, null));
        return found;
    }

    /// @param listener what hears of something by its one method
    /// @param method its name
    /// @param constants all of the enum that it has to tell apart
    /// @return the classes that are one and whose method has no switch the compiler would refuse
    ///   when there is a new constant, each with its place
    public static List<String> deaf(
            String listener, String method, Set<String> constants, List<Path> files)
            throws IOException {
        List<String> found = new ArrayList<>();
        ParsedSources.each(
                files,
                (unit, positions) ->
                        new TreeScanner<Void, @Nullable Void>() {
                            @Override
                            public Void visitClass(ClassTree one, @Nullable Void nothing) {
                                if (hears(one, listener) && !answers(one, method, constants)) {
                                    found.add(place(unit, positions.getStartPosition(unit, one)));
                                }
                                return super.visitClass(one, null);
                            }
                        }.scan(unit, null));
        return found;
    }

    private static boolean hears(ClassTree one, String listener) {
        return one.getImplementsClause().stream()
                .map(Object::toString)
                .anyMatch(name -> name.equals(listener) || name.endsWith('.' + listener));
    }

    private static boolean answers(ClassTree one, String method, Set<String> constants) {
        List<SwitchExpressionTree> exhaustive = new ArrayList<>();
        for (Tree member : one.getMembers()) {
            if (member instanceof MethodTree of && of.getName().contentEquals(method)) {
                new TreeScanner<Void, @Nullable Void>() {
                    @Override
                    public Void visitSwitchExpression(
                            SwitchExpressionTree inside, @Nullable Void nothing) {
                        List<String> names = names(inside.getCases());
                        if (!names.isEmpty()
                                && constants.containsAll(names)
                                && !hasDefault(inside.getCases())) {
                            exhaustive.add(inside);
                        }
                        return super.visitSwitchExpression(inside, null);
                    }
                }.scan(of, null);
            }
        }
        return !exhaustive.isEmpty();
    }

    private static boolean hasDefault(List<? extends CaseTree> cases) {
        return cases.stream()
                .flatMap(one -> one.getLabels().stream())
                .anyMatch(label -> label instanceof DefaultCaseLabelTree);
    }

    private static List<String> names(List<? extends CaseTree> cases) {
        return labels(cases).flatMap(label -> Stream.ofNullable(name(label))).toList();
    }

    private static Stream<ExpressionTree> labels(List<? extends CaseTree> cases) {
        return cases.stream()
                .flatMap(one -> one.getLabels().stream())
                .filter(label -> label instanceof ConstantCaseLabelTree)
                .map(label -> ((ConstantCaseLabelTree) label).getConstantExpression());
    }

    private static @Nullable String name(ExpressionTree label) {
        return switch (label) {
            case IdentifierTree name -> name.getName().toString();
            case MemberSelectTree name -> name.getIdentifier().toString();
            default -> null;
        };
    }

    private static String place(CompilationUnitTree unit, long at) {
        Path file = Path.of(unit.getSourceFile().toUri());
        return file.getFileName() + ":" + unit.getLineMap().getLineNumber(at);
    }

    private static final class Scanner extends TreePathScanner<Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Set<String> constants;
        private final Set<String> codes;
        private final List<String> found;

        Scanner(
                CompilationUnitTree unit,
                SourcePositions positions,
                Set<String> constants,
                Set<String> codes,
                List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.constants = constants;
            this.codes = codes;
            this.found = found;
        }

        @Override
        public Void visitSwitch(SwitchTree one, @Nullable Void nothing) {
            look(positions.getStartPosition(unit, one), one.getCases(), true);
            return super.visitSwitch(one, null);
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree one, @Nullable Void nothing) {
            look(positions.getStartPosition(unit, one), one.getCases(), false);
            return super.visitSwitchExpression(one, null);
        }

        private void look(long at, List<? extends CaseTree> cases, boolean statement) {
            List<String> names = names(cases);
            List<String> texts =
                    labels(cases).flatMap(label -> Stream.ofNullable(text(label))).toList();
            boolean open = statement || hasDefault(cases);
            boolean ofEnum = !names.isEmpty() && constants.containsAll(names);
            boolean ofTexts = !texts.isEmpty() && codes.containsAll(texts);
            if (ofEnum && open || ofTexts) {
                found.add(place(unit, at));
            }
        }

        private static @Nullable String text(ExpressionTree label) {
            return label instanceof LiteralTree literal && literal.getValue() instanceof String text
                    ? text
                    : null;
        }
    }

    private ForgetfulSwitches() {}
}
