"""Small enough to be read at a sitting: files, functions, lists of parameters."""

from __future__ import annotations

from statistics import median

from tests.quality.tree import Function, functions, is_test, sources

FILE, TEST_FILE, FUNCTION, TYPICAL_FUNCTION, PARAMETERS = 300, 400, 50, 8, 5


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_file_is_longer_than_its_limit() -> None:
    sizes = {path: len(text.splitlines()) for path, text in sources(".py", ".ts", ".mjs", ".css", ".html")}
    assert {path: size for path, size in sizes.items() if size > (TEST_FILE if is_test(path) else FILE)} == {}


def test_no_function_is_longer_than_its_limit() -> None:
    sizes = {(str(path), each.name): lines(each) for path, text in sources(".py") for each in functions(text)}
    assert {name: size for name, size in sizes.items() if size > FUNCTION} == {}


def test_the_typical_function_is_short() -> None:
    sizes = [lines(each) for path, text in sources(".py") if not is_test(path) for each in functions(text)]
    assert median(sizes) <= TYPICAL_FUNCTION


def test_what_takes_many_parameters_takes_them_by_name() -> None:
    counts = {
        (str(path), each.name): positional(each)
        for path, text in sources(".py")
        if not is_test(path)
        for each in functions(text)
    }
    assert {name: count for name, count in counts.items() if count > PARAMETERS} == {}
