"""Traditional characters in files of Taiwan, Hong Kong and old systems, as the simplified ones of our words.

One character to one, as far as the known headers, codes and names of areas need it (tests/metrics/test_characters.py
says which is missing): no table of the language, and never applied to what is kept.
"""

TRADITIONAL = (
    "證號碼願編記錄動時長審狀態開結間務區縣劃屬註冊類別組織團體隊項專應聯臺數單職業學歷簽來質聲啟東個豐臨爲為樂鄉亞產衆眾會傳"
    "黨關軍農減醫衛衞發啓員國備實導島師幹並廣愷戶掃護報無術機棲殘漢濟潤遊灣灤濱煙愛環療碩離稅籤經綜羅羣藝蘆範榮萊補譽許試詳說"
    "説貧賽踐遷過進遠銷鎮門陽際預風駁驗龍覈佈併辦稱計點領鐘統標題據崳"
    "總製複負責頁電話資條蓋"
    "舉書從況創參對層崗擬終絕認賬轄額"
)
SIMPLIFIED = (
    "证号码愿编记录动时长审状态开结间务区县划属注册类别组织团体队项专应联台数单职业学历签来质声启东个丰临为为乐乡亚产众众会传"
    "党关军农减医卫卫发启员国备实导岛师干并广恺户扫护报无术机栖残汉济润游湾滦滨烟爱环疗硕离税签经综罗群艺芦范荣莱补誉许试详说"
    "说贫赛践迁过进远销镇门阳际预风驳验龙核布并办称计点领钟统标题据嵛"
    "总制复负责页电话资条盖"
    "举书从况创参对层岗拟终绝认账辖额"
)
_TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the traditional characters known here in their simplified form.

    >>> simplified("唐山市路南區"), simplified("通過")
    ('唐山市路南区', '通过')
    """
    return text.translate(_TABLE)
