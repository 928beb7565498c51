"""python -m etl sample: write the drops of a synthetic city."""

import argparse
from pathlib import Path

from etl.messages import Text, WrongCall, say
from etl.sample import write_sample

HELP = "生成示例城市的报送文件 / write drops of a synthetic city"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT", help="写到这个文件夹 / the folder to write to")
    parser.add_argument("--city", required=True, help="区划代码,如 130200 / one of the five cities' codes")
    parser.add_argument("--volunteers", type=int, default=10_000, help="期末注册人数 / registered at the end")
    parser.add_argument("--months", type=int, default=36, help="月数 / how many months of records")
    parser.add_argument("--seed", type=int, default=1, help="随机种子 / the same seed writes the same bytes")
    parser.add_argument(
        "--faults", type=float, default=0.0, help="错误行比例 / share of faulty rows, e.g. 0.02"
    )


def run(args: argparse.Namespace) -> int:
    try:
        files = write_sample(args.out, args.city, args.volunteers, args.months, args.seed, args.faults)
    except ValueError as error:
        raise WrongCall(f"参数有误:{error}", str(error)) from None
    say(
        Text(
            f"已写出 {len(files)} 个示例文件到 {args.out}。",
            f"{len(files)} sample drops written to {args.out}.",
        )
    )
    return 0
