/// How a live page follows its notebook: it asks for what changed, keeps every element that did not, and says when the server has gone.
enum LiveScript {
    static let text = """
        (()=>{const d=document,main=d.getElementById('main'),note=d.getElementById('live'),sleep=t=>new Promise(f=>setTimeout(f,t));let version=+main.dataset.version;
        const say=t=>{if(note.textContent!==t)note.textContent=t;note.hidden=!t};
        const end=()=>d.querySelectorAll('.running pre.out').forEach(x=>x.scrollTop=x.scrollHeight);
        const put=m=>{version=m.version;say(m.problem);const wanted=new Set(m.order),have=new Map(),open=new Map();
        d.querySelectorAll('.cell[id]').forEach(c=>{const x=c.querySelector('details.code');x&&open.set(c.id,x.open)});
        [...main.children].forEach(x=>wanted.has(x.dataset.key)?have.set(x.dataset.key,x):x.remove());
        let at=main.firstElementChild;m.order.forEach(k=>{let x=have.get(k);
        if(!x){x=d.createElement('div');x.className='part';x.dataset.key=k;x.innerHTML=m.parts[k];
        x.querySelectorAll('.cell[id]').forEach(c=>{const y=c.querySelector('details.code');y&&open.has(c.id)&&(y.open=open.get(c.id))})}
        if(x===at)at=at.nextElementSibling;else main.insertBefore(x,at)});
        d.title=m.title;const nav=d.querySelector('nav.toc');nav&&nav.remove();main.insertAdjacentHTML('afterend',m.contents);d.dispatchEvent(new Event('qnb:update'));end()};
        const poll=async()=>{let wait=500;for(;;){try{const r=await fetch('changes?after='+version,{cache:'no-store'});
        if(r.status===200)put(await r.json());else if(r.status!==204)throw r;wait=500}
        catch{say('The preview has ended. Started again at a new address, it goes on there.');await sleep(wait);wait=Math.min(wait*2,8000)}}};
        end();poll()})()
        """
}
