"""A bad row for every check of a row, and what is told of it: the drawings tests/etl/test_checks.py runs."""

from __future__ import annotations

from dataclasses import dataclass

from tests.etl.desk import ACTIVITIES, ADA, HOURS, REGISTER

SHORT_HOURS = "身份证号,服务日期,服务时长"
MINUTES = "身份证号,服务日期,服务时长(分钟)"
FULL_REGISTER = "身份证号,所属区县,注册日期,状态,注销日期,出生日期"
REGISTERED = "ADA,张三丰,路南区,2021-05-01,正常"
SERVED = "R1,ADA,2021-05-01,2,路南区"
HELD = "A1,清洁家园,路南区,2021-05-01 09:00,已结束"


@dataclass(frozen=True)
class Case:
    """One bad row and what is told of it."""

    check: str
    column: str  # the header of the column at fault; '' when it is the whole row
    bad: str
    zh: str
    en: str


@dataclass(frozen=True)
class Group:
    """Bad rows that come in one drop: a good row, a bad one, a good one, a bad one, and so on."""

    header: str
    good: str
    cases: list[Case]
    encoding: str

    def content(self) -> bytes:
        lines = [self.header, self.good]
        for case in self.cases:
            lines += [case.bad, self.good]
        written = "\n".join([*lines, ""]).replace("ADA", ADA)
        return written.encode(self.encoding).replace(b"<FF>", b"\xff").replace(b"<00>", b"\0")


def cases(header: str, good: str, drawing: str, encoding: str = "utf-8") -> Group:
    """Cases drawn as blocks of four lines: check and column, the bad row, what is told in each language."""
    found = []
    for block in drawing.strip().split("\n\n"):
        about, bad, zh, en = (line.strip() for line in block.strip().splitlines())
        check, _, column = about.partition(" ")
        found.append(Case(check, column.strip(), bad, zh, en))
    return Group(header, good, found, encoding)


GROUPS = [
    cases(
        REGISTER,
        REGISTERED,
        """
        fields_too_few
        ADA,张三丰
        只有 2 个字段，应为 5 个
        2 fields, expected 5 as in the header

        fields_too_many
        ADA,张三丰,路南区,2021-05-01,正常,多余
        有 6 个字段，应为 5 个
        6 fields, expected 5 as in the header

        fields_too_many
        ADA,张,三丰,路南区,2021-05-01,正常,x,y
        有 8 个字段，应为 5 个
        8 fields, expected 5

        quotes_closed
        ADA,"张三丰,路南区,2021-05-01,正常
        英文双引号不成对
        double quotes do not match

        value_readable 注册日期
        ADA,张三丰,路南区,五月一日,正常
        “五***(4)”无法识别，应为日期，如 2021-05-01
        found '五***(4)', expected a date such as 2021-05-01

        date_no_such_day 注册日期
        ADA,张三丰,路南区,2021-02-29,正常
        没有“2021-02-29”这一天：一年有 12 个月，4、6、9、11 月只有 30 天，2 月平年只有 28 天、闰年 29 天
        there is no day '2021-02-29': a year has 12 months

        value_readable 状态
        ADA,张三丰,路南区,2021-05-01,路过看看
        “路***(4)”无法识别，应为以下之一：有效
        found '路***(4)', expected one of in_force, left, merged

        value_present 注册日期
        ADA,张三丰,路南区,,正常
        缺少必填值，应填写注册日期
        a required value is missing; expected registered_on

        value_present 身份证号
        无,张三丰,路南区,2021-05-01,正常
        应填写身份证号
        expected id_number

        date_possible 注册日期
        ADA,张三丰,路南区,2121-05-01,正常
        “2121-05-01”不可能
        '2121-05-01' is impossible

        id_number_valid 身份证号
        12345,张三丰,路南区,2021-05-01,正常
        身份证号“12345”有误，应为18 位（或 15 位旧号）
        ID number '12345', expected 18 digits (or an old 15)

        id_number_valid 身份证号
        900000199003070026,张三丰,路南区,2021-05-01,正常
        身份证号“9****************6(18)”有误，应为校验码（末位）正确
        ID number '9****************6(18)', expected a right check digit

        id_number_valid 身份证号
        900000199002300027,张三丰,路南区,2021-05-01,正常
        应为第 7 至 14 位是可能的出生日期
        expected a possible birth date in digits 7 to 14

        id_number_valid 身份证号
        9.00000E+17,张三丰,路南区,2021-05-01,正常
        电子表格已把它改成科学计数法
        a spreadsheet has made it a number in scientific notation

        area_known 所属区县
        ADA,张三丰,火星区,2021-05-01,正常
        地区“火星区”无法识别，应为本市区县的名称或六位区划代码
        area '火星区' is not known, expected the name or six-digit code
        """,
    ),
    cases(
        FULL_REGISTER,
        "ADA,路南区,2021-05-01,注销,2021-05-01,1900-01-01",
        """
        date_ambiguous 注册日期
        ADA,路南区,21-5-1,,,
        分不清年、月、日，应为日期，如 2021-05-01（四位年份在前）
        could be several days; expected a date such as 2021-05-01, a year of four digits first

        date_ambiguous 注册日期
        ADA,路南区,5/1/2021,,,
        分不清年、月、日
        could be several days

        date_ambiguous 出生日期
        ADA,路南区,2021-05-01,,,210501
        日期“******”分不清年、月、日
        the date '******' could be several days

        date_incomplete 注册日期
        ADA,路南区,2021-5,,,
        日期“2021-5”没有写全年、月、日，应为日期
        the date '2021-5' lacks its year, month or day

        date_incomplete 注册日期
        ADA,路南区,5月1日,,,
        没有写全年、月、日
        lacks its year, month or day

        born_before_registered 出生日期
        ADA,路南区,2021-05-01,,,2021-05-02
        出生日期“****-**-**”晚于注册日期，应不晚于注册日期
        born on '****-**-**', expected a day not after the registration

        left_after_registered 注销日期
        ADA,路南区,2021-05-02,注销,2021-05-01,
        注销日期“2021-05-01”早于注册日期，应不早于注册日期
        left on '2021-05-01', expected a day not before the registration

        date_possible 出生日期
        ADA,路南区,2021-05-01,,,2024-07-01
        应在 1900-01-01 至 2024-06-30 之间
        expected a day from 1900-01-01 to 2024-06-30
        """,
    ),
    cases(
        HOURS,
        SERVED,
        """
        value_readable 服务时长
        R2,ADA,2021-05-01,几小时,路南区
        “几**(3)”无法识别，应为小时数
        found '几**(3)', expected a number of hours

        number_scientific 服务时长
        R2,ADA,2021-05-01,1E+02,路南区
        “1****(5)”是电子表格的科学计数法，应为小时数
        '1****(5)' is a spreadsheet's scientific notation, expected a number of hours

        number_scientific 记录编号
        1.3E9,ADA,2021-05-01,2,路南区
        是电子表格的科学计数法，应为记录编号的全部数字
        is a spreadsheet's scientific notation, expected all digits of the record's number

        number_scientific 记录编号
        2E+10,ADA,2021-05-01,2,路南区
        是电子表格的科学计数法，应为记录编号的全部数字
        is a spreadsheet's scientific notation, expected all digits of the record's number

        number_scientific 记录编号
        2.02105E+11,ADA,2021-05-01,2,路南区
        是电子表格的科学计数法，应为记录编号的全部数字
        is a spreadsheet's scientific notation, expected all digits of the record's number

        amount_merged 服务时长
        R2,ADA,2021-05-01,8（合并单元格）,路南区
        “8（合并单元格）”写在合并了几行的单元格里，不知是每行的还是合计
        stands in a cell merged over several rows, each row's amount or their sum

        day_counted_from_unknown 服务日期
        R2,ADA,42855（起算年不明）,2,路南区
        “42855（起算年不明）”是日期的序号，不知从 1900 年还是 1904 年起算
        is the number of a day, counted from 1900 or from 1904

        digits_grouped 服务时长
        R2,ADA,2021-05-01,"12,34",路南区
        数字“12,34”里的逗号不是千位分隔符，应为小时数
        the commas in '12,34' do not part thousands, expected a number of hours

        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,1.2万,路南区
        太大，超出一天
        is too large, more than a day

        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,3亿,路南区
        “3亿”太大，超出一天
        '3亿' is too large, more than a day

        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,3万亿,路南区
        “3万亿”太大，超出一天
        '3万亿' is too large, more than a day

        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,1000000000,路南区
        太大，超出一天
        is too large, more than a day

        value_present 服务时长
        R2,ADA,2021-05-01,,路南区
        应填写服务时长
        expected service_hours

        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,999999999,路南区
        “9********(9)”太大，超出一天
        '9********(9)' is too large, more than a day, expected

        area_known 服务地区
        R2,ADA,2021-05-01,2,130299
        地区“130299”无法识别
        area '130299' is not known
        """,
    ),
    # Thresholds: the good row is at the edge, the bad one just beyond it.
    cases(
        HOURS,
        "R1,ADA,2024-06-30,24,路南区",
        """
        hours_within_a_day 服务时长
        R2,ADA,2021-05-01,24.01,路南区
        “24.01”太大，超出一天，应为小时数，如 3.5(0 至 24)
        '24.01' is too large, more than a day, expected a number of hours such as 3.5 (0 to 24)

        date_possible 服务日期
        R2,ADA,2024-07-01,2,路南区
        日期“2024-07-01”不可能，应在 1989-01-01 至 2024-06-30 之间
        the date '2024-07-01' is impossible; expected a day from 1989-01-01 to 2024-06-30
        """,
    ),
    cases(
        HOURS,
        "R1,ADA,1989-01-01,0,路南区",
        """
        hours_not_negative 服务时长
        R2,ADA,2021-05-01,-0.01,路南区
        时长“-0.01”是负数，应为小时数
        the hours '-0.01' are below zero, expected a number of hours

        date_possible 服务日期
        R2,ADA,1988-12-31,2,路南区
        “1988-12-31”不可能
        '1988-12-31' is impossible
        """,
    ),
    cases(
        MINUTES,
        "ADA,2021-05-01,1440",
        """
        hours_within_a_day 服务时长(分钟)
        ADA,2021-05-02,1440.01
        “1440.01”太大，超出一天，应为分钟数，如 210(0 至 1440)
        expected a number of minutes such as 210 (0 to 1440)
        """,
    ),
    # Three minutes are what rounding to a tenth of an hour may make; more is another time.
    cases(
        "身份证号,服务日期,服务时长(小时),服务时长(分钟)",
        "ADA,2021-05-01,3.5,213",
        """
        hours_and_minutes_agree 服务时长(分钟)
        ADA,2021-05-02,3.5,213.1
        分钟数“213.1”与小时数不一致，应与小时列是同一时长
        the minutes '213.1' disagree with the hours, expected the same time

        hours_and_minutes_agree 服务时长(分钟)
        ADA,2021-05-02,3,30分
        与小时数不一致
        disagree with the hours
        """,
    ),
    # An end that is only a day lasts through it; 24:00 is midnight after it.
    cases(
        "活动编号,开始时间,结束时间",
        "A1,2021-05-01 09:00,2021-05-01",
        """
        end_after_start 结束时间
        A2,2021-05-01 09:00,2021-05-01 08:59
        结束时间“2021-05-01 08:59”早于开始时间，应不早于开始时间
        ends at '2021-05-01 08:59', before it starts; expected an end not before the start

        end_after_start 结束时间
        A2,2021-05-01,2021-04-30
        结束时间“2021-04-30”早于开始时间
        ends at '2021-04-30', before it starts

        end_after_start 结束时间
        A2,2021-05-01 22:00,2021-05-01 02:00
        跨过零点的，结束时间写第二天的日期
        on the next day when it is past midnight
        """,
    ),
    cases(
        "身份证号,开始时间,结束时间,服务时长",
        "ADA,2021-05-01 22:00,2021-05-01 24:00,2",
        """
        date_incomplete 开始时间
        ADA,08:30,2021-05-01 10:00,2
        没有写全年、月、日，应为日期时间
        lacks its year, month or day; expected a date and time

        date_incomplete 结束时间
        ADA,2021-05-01 08:30,下午2:30,2
        没有写全年、月、日
        lacks its year, month or day

        time_range 开始时间
        ADA,2021-05-01 8:30-11:30,,3
        是时间段，请分成开始时间和结束时间，应为日期时间
        is a time range; give its start and its end in a column each, expected a date and

        time_range 开始时间
        ADA,8点～11点30分,,3
        是时间段
        is a time range
        """,
    ),
    # A start that is only a day is on that day; a night's service belongs to the day it began.
    cases(
        "身份证号,服务日期,开始时间,服务时长",
        "ADA,2021-05-01,2021-05-01,2",
        """
        date_and_start_agree 开始时间
        ADA,2021-06-05,2021-05-01 08:30,2
        不在服务日期那一天，应与服务日期是同一天
        is not on the day of the service, expected a start on that day

        date_and_start_agree 开始时间
        ADA,2021-05-02,2021-05-01 23:59:59,2
        不在服务日期那一天
        is not on the day of the service

        date_and_start_agree 开始时间
        ADA,2021-05-01,2021-05-02,2
        开始时间“2021-05-02”不在服务日期那一天
        the start '2021-05-02' is not on the day of the service
        """,
    ),
    cases(
        "身份证号,开始时间,服务时长",
        "ADA,2024-06-30 23:59,2",
        """
        date_possible 开始时间
        ADA,2024-07-01 00:00,2
        “2024-07-01 00:00”不可能
        '2024-07-01 00:00' is impossible
        """,
    ),
    cases(
        "记录编号,身份证号,活动编号,服务日期,服务时长",
        "J1,ADA,A1,2021-05-01,2",
        """
        total_as_record 记录编号
        小计,ADA,,2021-05-31,21.5
        像是合计行，不是一条记录
        looks like a row of totals, not a record

        total_as_record 记录编号
        本頁總計,ADA,,2021-05-31,21.5
        像是合计行
        looks like a row of totals

        total_as_record 活动编号
        J2,ADA,个人合计,2021-05-31,21.5
        像是合计行
        looks like a row of totals
        """,
    ),
    cases(
        "志愿者编号,身份证号,服务日期,服务时长",
        ",ADA,2021-05-01,2",
        """
        value_present 身份证号
        ,无,2021-05-01,2
        应填写身份证号或志愿者编号
        expected id_number or volunteer_number

        number_is_no_id 志愿者编号
        ADA,,2021-05-01,2
        像是身份证号，应为平台的志愿者编号
        looks like an ID number, expected the platform's number

        number_scientific 志愿者编号
        1.30202199003070E+17,,2021-05-01,2
        是电子表格的科学计数法，应为平台的志愿者编号
        is a spreadsheet's scientific notation, expected the platform's number
        """,
    ),
    cases(
        ACTIVITIES,
        HELD.replace("2021-05-01", "2026-07-01"),  # planned two years ahead
        """
        number_scientific 活动编号
        2.02105E+11,清洁家园,路南区,2021-05-01,已结束
        应为活动编号的全部数字
        expected all digits of the activity's number

        value_readable 开始时间
        A2,清洁家园,路南区,2021-05-01 下午,已结束
        应为日期时间,如 2021-05-01 08:30
        expected a date and time such as

        value_present 活动编号
        ,清洁家园,路南区,2021-05-01,已结束
        应填写活动编号
        expected activity_id

        date_possible 开始时间
        A2,清洁家园,路南区,2026-07-02 09:00,招募中
        “2026-07-02 09:00”不可能
        '2026-07-02 09:00' is impossible
        """,
    ),
    cases(
        "活动编号,开始时间,招募人数",
        "A1,2021-05-01,0",
        """
        value_readable 招募人数
        A2,2021-05-01,-1
        “-1”无法识别,应为非负整数
        found '-1', expected a whole number, 0 or more
        """,
    ),
    cases(
        SHORT_HOURS,
        "ADA,2021-05-01,2",
        """
        bytes_decodable
        ADA<FF>,2021-05-01,2
        夹有不是 UTF-8 编码的字节（从文件的第 90 个字节起，其值为 0xFF）
        this row holds bytes that are not UTF-8 (from byte 90 of the file on, which is 0xFF)

        zero_byte
        ADA,2021-05-01,2<00>
        这一行夹有空字节（NUL，从文件的第 168 个字节起），不是文字
        this row holds a byte of zeros (NUL, byte 168 of the file), which is no text
        """,
    ),
    cases(
        SHORT_HOURS,
        "ADA,2021-05-01,2",
        """
        bytes_decodable
        ADA<FF><FF>,2021-05-01,2
        夹有不是 GBK 编码的字节（从文件的第 78 个字节起，其值为 0xFF）
        this row holds bytes that are not GBK (from byte 78 of the file on, which is 0xFF)
        """,
        encoding="gb18030",
    ),
]
