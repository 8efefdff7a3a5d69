package org.yifang.tools;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Finds the statements that write and take more than one value by its position: of two, each can
/// stand where the other belongs.
public final class PositionalValues {
    private static final Set<String> WRITERS =
            Set.of("insertInto", "update", "deleteFrom", "mergeInto", "query");

    private static final Pattern TEXT =
            Pattern.compile(
                    "\\b(?:insert\\s+into|update\\s+\\w+\\s+set|delete\\s+from|merge\\s+into)\\b",
                    Pattern.CASE_INSENSITIVE);

    /// More than one, of what cannot be counted.
    private static final int MANY = 2;

    /// @return each with its place
    public static List<String> in(List<Path> files) throws IOException {
        List<String> found = new ArrayList<>();
        ParsedSources.each(files, (unit, positions) -> new Unit(unit, positions, found).look());
        return found;
    }

    /// One file.
    private static final class Unit {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;
        private final Map<String, List<MethodTree>> methods = new HashMap<>();

        Unit(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        void look() {
            new TreeScanner<Void, @Nullable Void>() {
                @Override
                public Void visitMethod(MethodTree one, @Nullable Void nothing) {
                    methods.computeIfAbsent(one.getName().toString(), _ -> new ArrayList<>())
                            .add(one);
                    return super.visitMethod(one, null);
                }
            }.scan(unit, null);
            new TreeScanner<Void, @Nullable Void>() {
                @Override
                public Void visitMethodInvocation(
                        MethodInvocationTree one, @Nullable Void nothing) {
                    look(one);
                    return super.visitMethodInvocation(one, null);
                }
            }.scan(unit, null);
        }

        private void look(MethodInvocationTree one) {
            List<? extends ExpressionTree> given = one.getArguments();
            Uses uses = new Uses(methods);
            if (isCall(one, "Statement", Set.of("of"))) {
                uses.follow(given.getFirst());
            } else if (isCall(one, "SQL", Set.of("query", "resultQuery"))) {
                uses.ofText(given);
            }
            if (uses.writes && uses.values > 1) {
                long at = positions.getStartPosition(unit, one);
                Path file = Path.of(unit.getSourceFile().toUri());
                found.add(file.getFileName() + ":" + unit.getLineMap().getLineNumber(at));
            }
        }
    }

    /// Whether a call is one of `names` on something called `on`, however that is reached.
    private static boolean isCall(MethodInvocationTree one, String on, Set<String> names) {
        return one.getMethodSelect() instanceof MemberSelectTree called
                && names.contains(called.getIdentifier().toString())
                && on.equals(name(called.getExpression()));
    }

    private static String name(Tree one) {
        return switch (one) {
            case IdentifierTree it -> it.getName().toString();
            case MemberSelectTree it -> it.getIdentifier().toString();
            default -> "";
        };
    }

    /// How a statement is written: how many values it takes, and whether it writes.
    private static final class Uses extends TreeScanner<Void, @Nullable Void> {
        private final Map<String, List<MethodTree>> methods;
        private final Set<MethodTree> entered = new HashSet<>();
        private String parameters = "";
        private int repeated;
        private boolean told;
        private int values;
        private boolean writes;

        Uses(Map<String, List<MethodTree>> methods) {
            this.methods = methods;
        }

        /// What writes a statement of parameters; what stands elsewhere cannot be looked into.
        void follow(ExpressionTree writer) {
            if (writer instanceof LambdaExpressionTree lambda) {
                parameters = lambda.getParameters().getFirst().getName().toString();
                scan(lambda.getBody(), null);
            } else if (!(writer instanceof MemberReferenceTree method)
                    || !enter(method.getName().toString())) {
                values = MANY;
                writes = true;
            }
        }

        /// A text and what takes the places in it.
        void ofText(List<? extends ExpressionTree> given) {
            scan(given.getFirst(), null);
            boolean many =
                    given.size() > 2
                            || given.size() == 2
                                    && given.getLast() instanceof MethodInvocationTree call
                                    && name(call.getMethodSelect()).equals("toArray");
            values = many ? MANY : 1;
            writes |= !told;
        }

        /// Whether there is such a method here that takes parameters.
        private boolean enter(String name) {
            boolean entered = false;
            for (MethodTree method : methods.getOrDefault(name, List.of())) {
                for (VariableTree one : method.getParameters()) {
                    if (name(one.getType()).equals("Parameters")) {
                        enter(method, one.getName().toString());
                        entered = true;
                    }
                }
            }
            return entered;
        }

        private void enter(MethodTree method, String named) {
            if (entered.add(method)) {
                String outer = parameters;
                parameters = named;
                scan(method.getBody(), null);
                parameters = outer;
            }
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree one, @Nullable Void nothing) {
            String name = name(one.getMethodSelect());
            writes |= WRITERS.contains(name);
            for (ExpressionTree argument : one.getArguments()) {
                // Nobody knows how often it asks.
                if (isParameters(argument) && !enter(name)) {
                    values += MANY;
                }
            }
            return super.visitMethodInvocation(one, null);
        }

        private boolean isParameters(Tree one) {
            return one instanceof IdentifierTree it && it.getName().contentEquals(parameters);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree one, @Nullable Void nothing) {
            if (isParameters(one.getExpression())) {
                values += repeated > 0 ? MANY : 1;
            }
            return super.visitMemberSelect(one, null);
        }

        @Override
        public Void visitLiteral(LiteralTree one, @Nullable Void nothing) {
            if (one.getValue() instanceof String text) {
                told = true;
                writes |= TEXT.matcher(text).find();
            }
            return null;
        }

        @Override
        public Void visitLambdaExpression(LambdaExpressionTree one, @Nullable Void nothing) {
            return repeat(() -> super.visitLambdaExpression(one, null));
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree one, @Nullable Void nothing) {
            if (isParameters(one.getQualifierExpression())) {
                values += MANY;
            }
            return super.visitMemberReference(one, null);
        }

        @Override
        public Void visitEnhancedForLoop(EnhancedForLoopTree one, @Nullable Void nothing) {
            return repeat(() -> super.visitEnhancedForLoop(one, null));
        }

        @Override
        public Void visitForLoop(ForLoopTree one, @Nullable Void nothing) {
            return repeat(() -> super.visitForLoop(one, null));
        }

        @Override
        public Void visitWhileLoop(WhileLoopTree one, @Nullable Void nothing) {
            return repeat(() -> super.visitWhileLoop(one, null));
        }

        private @Nullable Void repeat(Supplier<Void> inside) {
            repeated++;
            try {
                return inside.get();
            } finally {
                repeated--;
            }
        }
    }

    private PositionalValues() {}
}
