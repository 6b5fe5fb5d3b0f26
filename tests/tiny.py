"""A small case written to a folder, to be altered by tests."""

from pathlib import Path

FILES = {
    "case.yaml": """\
name: tiny
title: Tiny
summary: Two gases, two chips, one phone.
version: "1"
evidence_date: 2026-11-23
periods: ["2019", "2022"]
default_period: "2022"
combine: nested
combine_why: The dependent part only.
stages:
  - {id: input, title: Inputs}
  - {id: fab, title: Fabrication}
  - {id: use, title: End use}
sets:
  - {subject: chip, measure: capacity_share, period: "2022", source: s1, why: First hand.}
  - {subject: memory, measure: capacity_share, period: "2022", source: s1, rest: assumed, why: x}
weights: {measure: device_revenue, why: Published.}
perspectives:
  - {name: Japan with China, us: [JPN], them: [CHN]}
""",
    "items.csv": """\
id,name,kind,stage,measure,measure_headquarters,local,alias,description
gas,Gas,gas,input,production_share,,no,,
tool,Tool,tool,input,production_share,revenue_share,no,,
power,Power,energy,input,,,yes,,
chip,Chip,process,fab,capacity_share,,no,old-chip,
memory,Memory,process,fab,capacity_share,,no,,
phone,Phone,end-use,use,production_share,,no,,
car,Car,end-use,use,production_share,,no,,
all-fabs,All fabs,group,fab,capacity_share,,no,,
""",
    "recipes.csv": """\
item,input,period,allocation,allocation_low,allocation_high,criticality,stops_fraction,stops_fraction_low,stops_fraction_high,substitute_days,substitute_days_low,substitute_days_high,cover_days,cover_days_low,cover_days_high,grade,source_id,note
chip,gas,,0.6,,,essential,1,,,,,,30,20,60,assumed,narrows-assumption,common knowledge
memory,gas,,0.4,,,essential,1,,,,,,30,20,60,assumed,narrows-assumption,common knowledge
chip,tool,,1,,,essential,1,,,,,,3650,1825,7300,assumed,narrows-assumption,tool life
chip,power,,1,,,essential,1,,,,,,0,,,assumed,narrows-assumption,no store
phone,chip,2019,0.7,,,essential,0.5,0.3,0.7,,,,40,20,75,assumed,narrows-assumption,newest phones
phone,chip,2022,0.7,,,essential,0.8,0.6,0.9,,,,5,,,assumed,narrows-assumption,newest phones
car,chip,,0.3,,,essential,0.1,0,0.2,,,,40,20,75,assumed,narrows-assumption,few cars
phone,memory,,1,,,essential,1,,,,,,10,,,assumed,narrows-assumption,every phone
""",
    "observations.csv": """\
id,subject,measure,entity,period,value,low,high,unit,basis,status,grade,source_id,locator,note
o1,chip,capacity_share,TWN,2019,92,,,percent,location,actual,stated,s1,p. 1,
o2,chip,capacity_share,KOR,2019,8,,,percent,location,actual,stated,s1,p. 1,
o3,chip,capacity_share,TWN,2022,69,,,percent,location,actual,stated,s1,p. 2,
o4,chip,capacity_share,KOR,2022,31,,,percent,location,actual,stated,s1,p. 2,
o5,chip,capacity_share,TWN,2022,70,,,percent,location,actual,stated,s2,p. 9,
o6,memory,capacity_share,KOR,2022,52,,,percent,location,actual,stated,s1,p. 3,
o7,memory,capacity_share,TWN,2022,20,,,percent,location,actual,stated,s1,p. 3,
o8,gas,production_share,UKR,2022,50,45,54,percent,location,actual,stated,s2,p. 4,
o9,gas,production_share,CHN,2022,30,,,percent,location,actual,stated,s2,p. 4,
o10,tool,revenue_share,firm:Lito,2022,100,,,percent,headquarters,actual,stated,s2,p. 5,
o11,all-fabs,capacity_share,TWN,2019,20,,,percent,location,actual,stated,s1,p. 6,
o12,chip,capacity_share,TWN,2032,47,,,percent,location,forecast,stated,s1,p. 7,
""",
    "assumptions.csv": """\
id,subject,measure,entity,period,value,low,high,unit,basis,status,grade,source_id,locator,note,reason
a1,memory,capacity_share,JPN,2022,20,10,25,percent,location,actual,assumed,narrows-assumption,,,known plants
a2,memory,capacity_share,CHN,2022,8,4,12,percent,location,actual,assumed,narrows-assumption,,,known plants
a3,tool,production_share,NLD,2022,90,80,95,percent,location,actual,assumed,narrows-assumption,,,stand-in: where the firm is seated
a4,tool,production_share,JPN,2022,10,5,20,percent,location,actual,assumed,narrows-assumption,,,stand-in: where the firm is seated
a5,phone,production_share,CHN,2022,80,70,90,percent,location,actual,assumed,narrows-assumption,,,trade press
a6,phone,production_share,VNM,2022,20,10,30,percent,location,actual,assumed,narrows-assumption,,,trade press
a7,car,production_share,JPN,2022,60,50,70,percent,location,actual,assumed,narrows-assumption,,,trade press
a8,car,production_share,CHN,2022,40,30,50,percent,location,actual,assumed,narrows-assumption,,,trade press
a9,phone,device_revenue,World,2022,400,350,450,USD billion a year,n/a,actual,assumed,narrows-assumption,,,one printed total
a10,car,device_revenue,World,2022,600,500,700,USD billion a year,n/a,actual,assumed,narrows-assumption,,,one printed total
a11,chip,headroom,World,2022,1.1,1,1.2,multiple of output,n/a,actual,assumed,narrows-assumption,,,use of capacity
""",  # noqa: E501 - a table
    "sources.csv": """\
id,publisher,title,date,url,kind,terms,read_as
s1,Agency,Capacity,2021-04,https://example.org/a,primary,free,page
s2,Press,Gas,2022-02,https://example.org/b,secondary,facts,page
narrows-assumption,Narrows,Assumption with its reason,2026-11-23,,assumption,,
""",
    "groups.csv": """\
group,member,relation,source_id,note
firm:Lito,NLD,seat,,
EastAsia,TWN,member,,
EastAsia,KOR,member,,
EastAsia,JPN,member,,
""",
}


def edit(name: str, *changes: tuple[str, str]) -> dict[str, str]:
    """Give a file with pieces of its text replaced, as an argument of `write`."""
    text = next(text for file, text in FILES.items() if file.partition(".")[0] == name)
    for old, new in changes:
        assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
        text = text.replace(old, new)
    return {name: text}


def add(name: str, *lines: str) -> dict[str, str]:
    """Give a file with lines added at its end, as an argument of `write`."""
    text = next(text for file, text in FILES.items() if file.partition(".")[0] == name)
    return {name: text + "".join(f"{line}\n" for line in lines)}


def write(folder: Path, **altered: str) -> Path:
    """Write the case; `altered` replaces whole files, keyed by name without suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(altered.get(name.partition(".")[0], text), encoding="utf-8")
    return folder
